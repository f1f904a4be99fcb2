namespace EtcdProbeExporter.Consensus;

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
