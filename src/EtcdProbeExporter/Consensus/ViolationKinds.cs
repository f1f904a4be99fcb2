namespace EtcdProbeExporter.Consensus;

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
