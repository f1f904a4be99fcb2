using EtcdProbeExporter.Configuration;
using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Probing.Operations;

namespace EtcdProbeExporter.Probing.Endpoints;

/// <summary>Everything known about one endpoint at one moment. What is not known now is null, whatever was known before.</summary>
internal sealed record EndpointSnapshot
{
    public required EndpointAddress Address { get; init; }

    public required EndpointSource Source { get; init; }

    /// <summary>What is behind it; null until anything was answered.</summary>
    public EndpointKind? Kind { get; init; }

    /// <summary>One entry for each operation that is probed here.</summary>
    public required IReadOnlyList<OperationSnapshot> Operations { get; init; }

    /// <summary>The newest status and when it was true; null when the newest status probe failed or none has ended, and of whoever does not speak for a member.</summary>
    public required MemberSample? Sample { get; init; }

    /// <summary>The member that last answered here, even if it does not answer now; null when none ever did.</summary>
    public required ulong? LastMemberId { get; init; }

    public MemberStatus? Status => Sample?.Status;

    /// <summary>
    /// What the newest answer of another operation said of who gave it, where Status is refused to us; null where it is not, so that the
    /// header of an older answer never stands in for a Status that failed.
    /// </summary>
    public ResponseFacts? Headers => Kind.SpeaksForAMember() && Operation(ProbeOperation.Status)?.Last?.Failure is FailureReason.PermissionDenied or FailureReason.Unauthenticated
        ? Operations.Select(o => o.Last).OfType<ProbeResult>().Where(r => r is { Succeeded: true, Answer: not null }).MaxBy(r => r.Ended)?.Answer
        : null;

    /// <summary>The member list as this member has it; null when it did not answer or may not.</summary>
    public required IReadOnlyList<ClusterMember>? Members { get; init; }

    /// <summary>When the member last answered the question for its list, on the monotonic clock; it does so from its memory, whatever its disk does.</summary>
    public TimeSpan? MembersAnsweredAt { get; init; }

    /// <summary>When that question was sent, if the newest one was met with silence.</summary>
    public TimeSpan? MembersSilentSince { get; init; }

    /// <summary>What the member's own metrics said of its storage; null unless it hangs.</summary>
    public StorageSight? Storage { get; init; }

    /// <summary>End of validity of the certificate that the peer showed on the newest connection; null on plain text or before the first.</summary>
    public required DateTimeOffset? PeerCertificateNotAfter { get; init; }

    /// <summary>End of validity of our own certificate on the connection in use; null when none is used.</summary>
    public required DateTimeOffset? ClientCertificateNotAfter { get; init; }

    /// <summary>
    /// Every operation that has slots here has ended at least once, well or not. Watches wait for puts of others, and learners serve only
    /// local reads and Status.
    /// </summary>
    public bool RoundDone => Operations.All(o => o.Last is not null || o.Operation == ProbeOperation.Watch
        || (Status is { IsLearner: true } && o.Operation is ProbeOperation.Put or ProbeOperation.Get));

    public OperationSnapshot? Operation(ProbeOperation operation) => Operations.FirstOrDefault(o => o.Operation == operation);
}

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

/// <summary>How we know of an endpoint.</summary>
internal enum EndpointSource
{
    Configured,
    Discovered,
}

/// <summary>A member's hash over its data up to some revision. Comparable only between equal compact revisions: compaction changes it.</summary>
internal sealed record MemberHash(string Endpoint, ulong MemberId, uint Hash, long CompactRevision);
