using EtcdProbeExporter.Etcd;

namespace EtcdProbeExporter.Consensus;

/// <summary>
/// What a view needs besides the observations of its round: what cannot have changed unseen, and when rival claims began. Cluster id and
/// membership change only by a quorum's decision, so what was known of them stays true while nobody answers.
/// </summary>
internal sealed record ViewContext
{
    public static readonly ViewContext None = new();

    /// <summary>The id of the cluster that is meant; null while nobody has shown one: then what most endpoints answer with.</summary>
    public ulong? ClusterId { get; init; }

    /// <summary>The member list that was known last; in force while nobody tells one.</summary>
    public IReadOnlyList<ClusterMember>? MemberList { get; init; }

    /// <summary>By member: when the first sample of its present claim to lead was asked for. See <see cref="LeaderVotes"/>.</summary>
    public IReadOnlyDictionary<ulong, TimeSpan> ClaimedSince { get; init; } = new Dictionary<ulong, TimeSpan>();

    /// <summary>Whether writes are acknowledged; null: unknown.</summary>
    public bool? Writable { get; init; }
}
