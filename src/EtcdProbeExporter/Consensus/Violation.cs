namespace EtcdProbeExporter.Consensus;

/// <summary>One broken promise, and a sentence that says what was expected and what came.</summary>
internal sealed record Violation(ViolationKind Kind, string What);

/// <summary>A promise of etcd that was seen broken; the label <c>kind</c>.</summary>
internal enum ViolationKind
{
    /// <summary>A linearizable read began after a write was acknowledged and answered from before that write.</summary>
    StaleLinearizableRead,

    /// <summary>The store is newer than an acknowledged write and has an older value under its key.</summary>
    LostWrite,

    /// <summary>The revision of one member went back.</summary>
    RevisionRegression,

    /// <summary>The applied term of one member went back.</summary>
    TermRegression,

    /// <summary>Two members have applied the same entries and do not agree how many changes these made.</summary>
    RevisionDivergence,

    /// <summary>Two members have different data at the same revision.</summary>
    HashMismatch,
}

internal static class ViolationKinds
{
    public static readonly IReadOnlyList<ViolationKind> All = Enum.GetValues<ViolationKind>();

    public static string Label(this ViolationKind kind) => kind switch
    {
        ViolationKind.StaleLinearizableRead => "stale_linearizable_read",
        ViolationKind.LostWrite => "lost_write",
        ViolationKind.RevisionRegression => "revision_regression",
        ViolationKind.TermRegression => "term_regression",
        ViolationKind.RevisionDivergence => "revision_divergence",
        ViolationKind.HashMismatch => "hash_mismatch",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "not a violation"),
    };

    /// <summary>Whether the violation proves that reads or writes were served by two histories at once.</summary>
    public static bool BreaksLinearizability(this ViolationKind kind) => kind is ViolationKind.StaleLinearizableRead or ViolationKind.LostWrite;
}
