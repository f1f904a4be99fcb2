using EtcdProbeExporter.Etcd;

namespace EtcdProbeExporter.Consensus;

/// <summary>
/// A voting member of the list and what is known of it. <see cref="State"/> is null when no endpoint leads to it, so that nobody knows how it
/// is; a member that was added and never started has no address that could be probed.
/// </summary>
internal sealed record Voter(ClusterMember Member, string? Endpoint, EndpointState? State, bool Answers)
{
    /// <summary>Where it hangs; null: it does not.</summary>
    public StallSite? Stall { get; init; }

    public bool NeverStarted => Member.Name.Length == 0 && Member.ClientUrls.Count == 0;

    public bool IsKnown => State is not null || NeverStarted;

    public string DisplayName => Member.Name.Length > 0 ? Member.Name : EtcdId.Format(Member.Id);

    /// <summary>
    /// Whether its vote can be counted on. One whose writes fail for a reason that concerns us or its data (full, alarmed, not authorised, a
    /// certificate that we refuse) takes part in raft all the same, and so does one that is slow, or hangs behind its log: what it saves
    /// counts (measured with etcd's failpoints). While nobody leads, everybody who answers may be part of the next quorum.
    /// </summary>
    public bool TakesPart(bool hasLeader) => State switch
    {
        EndpointState.Healthy or EndpointState.NoSpace or EndpointState.Corrupt or EndpointState.Unauthorized or EndpointState.TlsError => true,
        EndpointState.Slow or EndpointState.ApplyStalled or EndpointState.WatchStalled or EndpointState.Defragmenting => true,
        EndpointState.WriteStalled when Stall?.SavesLog() == true => true,
        EndpointState.NoLeader or EndpointState.WriteStalled => !hasLeader && Answers,
        EndpointState.Unknown => Answers,
        _ => false,
    };
}
