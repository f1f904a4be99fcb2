using EtcdProbeExporter.Consensus;

namespace EtcdProbeExporter.Monitoring;

/// <summary>What one round of looking at the whole cluster added to its history.</summary>
internal sealed record RoundOutcome(LeadershipChanges Leadership, IReadOnlyList<Violation> Violations)
{
    /// <summary>False where no endpoint speaks for a member: there is no cluster that this could be about.</summary>
    public bool HasMembers { get; init; } = true;

    /// <summary>Set in the round in which it became certain that the cluster was restored.</summary>
    public Restoration? Restored { get; init; }

    /// <summary>Set in the round in which most endpoints led to another cluster.</summary>
    public ClusterExchange? Exchanged { get; init; }
}

/// <summary>Most endpoints that had shown one cluster id show another one: restored under a new token, or built anew.</summary>
internal sealed record ClusterExchange(ulong Before, ulong After);
