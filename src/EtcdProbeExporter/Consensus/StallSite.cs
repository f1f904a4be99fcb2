namespace EtcdProbeExporter.Consensus;

/// <summary>
/// Where a member hangs that answers something and ends no write, as far as the evidence tells. The label <c>where</c> of
/// <c>etcd_probe_endpoint_stall_info</c>.
/// </summary>
internal enum StallSite
{
    /// <summary>Its raft index stands still behind the others': a write to its log does not return.</summary>
    Log,

    /// <summary>Its raft index goes on and its applied index does not: it saves what is decided and does not carry it out.</summary>
    Apply,

    /// <summary>It says itself that it defragments its database, which holds everything that needs the database.</summary>
    Defragmentation,

    /// <summary>Status hangs, and syncs of its log go on: what hangs is the database alone.</summary>
    Database,

    /// <summary>Status hangs, and syncs of its log stand still as well, while the cluster goes on: the disk as a whole.</summary>
    Disk,

    /// <summary>Status hangs, and its own metrics could not be had, or not often enough yet: defragmentation, snapshot or disk.</summary>
    Backend,

    /// <summary>Writes do not end, and nothing else stands still.</summary>
    Unclear,
}

internal static class StallSites
{
    public static readonly IReadOnlyList<StallSite> All = Enum.GetValues<StallSite>();

    public static EndpointState State(this StallSite site) => site switch
    {
        StallSite.Apply => EndpointState.ApplyStalled,
        StallSite.Defragmentation => EndpointState.Defragmenting,
        _ => EndpointState.WriteStalled,
    };

    /// <summary>Its log is written all the same, and that is all that a quorum needs of it.</summary>
    public static bool SavesLog(this StallSite site) => site is StallSite.Apply or StallSite.Defragmentation or StallSite.Database;

    public static string Label(this StallSite site) => site switch
    {
        StallSite.Log => "log",
        StallSite.Apply => "apply",
        StallSite.Defragmentation => "defragmentation",
        StallSite.Database => "database",
        StallSite.Disk => "disk",
        StallSite.Backend => "backend",
        StallSite.Unclear => "unclear",
        _ => throw new ArgumentOutOfRangeException(nameof(site), site, "not a place to hang in"),
    };
}
