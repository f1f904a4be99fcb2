using EtcdProbeExporter.Etcd;

namespace EtcdProbeExporter.Probing;

/// <summary>One configured cluster at one moment.</summary>
internal sealed record ClusterSnapshot
{
    public required string Name { get; init; }

    public required DateTimeOffset TakenAt { get; init; }

    public required IReadOnlyList<EndpointSnapshot> Endpoints { get; init; }

    /// <summary>The probes over all endpoints with failover.</summary>
    public required IReadOnlyList<OperationSnapshot> Operations { get; init; }

    /// <summary>See <see cref="ClusterIdentity"/>; null while no endpoint has shown an id.</summary>
    public ulong? ClusterId { get; init; }

    /// <summary>
    /// Whether some endpoint, or the cluster probe, acknowledged a write in the last interval and timeout, pauses of our own not counted.
    /// Null when nothing is written, when nobody has had the time to answer yet, and while writes are held back so that nobody was asked.
    /// </summary>
    public required bool? Writable { get; init; }

    /// <summary>False when every endpoint is known to be a server that speaks for no member: then there is no cluster to judge.</summary>
    public bool HasMembers => Endpoints.Count == 0 || Endpoints.Any(e => e.Kind.SpeaksForAMember());

    public bool RoundDone => Endpoints.All(e => e.RoundDone) && Operations.All(o => o.Last is not null);
}
