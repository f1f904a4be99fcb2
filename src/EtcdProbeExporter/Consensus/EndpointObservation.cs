using EtcdProbeExporter.Etcd;

namespace EtcdProbeExporter.Consensus;

/// <summary>All that is known now of one endpoint. <see cref="Sample"/> and <see cref="Members"/> are null when it did not answer.</summary>
internal sealed record EndpointObservation
{
    public required string Endpoint { get; init; }

    public required EndpointState State { get; init; }

    public MemberSample? Sample { get; init; }

    public IReadOnlyList<ClusterMember>? Members { get; init; }

    /// <summary>The member that last answered here, even if it does not answer now; null when none ever did.</summary>
    public ulong? LastMemberId { get; init; }
}
