using EtcdProbeExporter.Etcd;

namespace EtcdProbeExporter.Consensus;

/// <summary>
/// What the newest probes of one endpoint brought. An operation that is not probed, or has not ended yet, is null.
/// </summary>
internal sealed record EndpointEvidence
{
    public OperationVerdict? Put { get; init; }

    public OperationVerdict? Get { get; init; }

    public OperationVerdict? GetLocal { get; init; }

    public OperationVerdict? Status { get; init; }

    /// <summary>The member list was answered from the member's memory: something of it lives even when its disk does not.</summary>
    public bool MemberListAnswered { get; init; }

    /// <summary>The newest answer to Status, null when it failed.</summary>
    public MemberStatus? Member { get; init; }

    /// <summary>Where it hangs, judged over several rounds; null: it does not.</summary>
    public StallSite? Stall { get; init; }

    /// <summary>Some of its last ten slots ran out of time or were skipped, and others succeeded.</summary>
    public bool IsSlow { get; init; }

    /// <summary>The last two events that were due on its watch did not come, while nothing else was wrong.</summary>
    public bool IsWatchSilent { get; init; }

    /// <summary>The member belongs to another cluster than the endpoints it is configured with.</summary>
    public bool IsForeign { get; init; }
}

/// <summary>Success (null), or the reason of the failure.</summary>
internal readonly record struct OperationVerdict(FailureReason? Failure)
{
    public static readonly OperationVerdict Ok;

    public bool Succeeded => Failure is null;
}
