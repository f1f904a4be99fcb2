using EtcdProbeExporter.Etcd;

namespace EtcdProbeExporter.Consensus;

/// <summary>All that is known now of one endpoint. <see cref="Sample"/> and <see cref="Members"/> are null when it did not answer.</summary>
internal sealed record EndpointObservation
{
    public required string Endpoint { get; init; }

    public required EndpointState State { get; init; }

    /// <summary>Null until it is known.</summary>
    public EndpointKind? Kind { get; init; }

    /// <summary>Where the member hangs; null: it does not.</summary>
    public StallSite? Stall { get; init; }

    public MemberSample? Sample { get; init; }

    /// <summary>
    /// What the newest answer of any kind said of who gave it. Known even where Status is withheld: some releases give it to root only
    /// (3.4.42 to 3.4.45, 3.5.28 to 3.5.31, 3.6.0 to 3.6.11).
    /// </summary>
    public ResponseFacts? Headers { get; init; }

    /// <summary>Who answers here, from Status where that is given.</summary>
    public ResponseFacts? Facts => Sample is { Status: var s } ? new ResponseFacts(s.ClusterId, s.MemberId, s.Revision, s.Term) : Headers;

    public IReadOnlyList<ClusterMember>? Members { get; init; }

    /// <summary>The member that last answered here, even if it does not answer now; null when none ever did, and at a gateway, which leads to another next time.</summary>
    public ulong? LastMemberId { get; init; }
}
