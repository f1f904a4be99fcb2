using EtcdProbeExporter.Etcd;

namespace EtcdProbeExporter.Consensus;

/// <summary>The one word on an endpoint. Which evidence leads to which is in <see cref="EndpointStates"/>.</summary>
internal enum EndpointState
{
    Healthy,
    Slow,
    WriteStalled,
    ApplyStalled,
    WatchStalled,
    Defragmenting,
    Unresponsive,
    Unreachable,
    TlsError,
    Unauthorized,
    NoLeader,
    NoSpace,
    Corrupt,
    Learner,
    Foreign,
    Unknown,
}

/// <summary>
/// Evidence to state. The rules are asked in this order and the first that holds decides; they are documented here only.
/// <list type="number">
/// <item><c>unknown</c>: no probe has ended.</item>
/// <item><c>tls_error</c>, <c>unreachable</c>, <c>unresponsive</c>: nothing was answered at all; TLS was refused; or no connection; or silence.</item>
/// <item><c>foreign</c>: it answers for another cluster, so nothing else it says counts.</item>
/// <item><c>corrupt</c>, <c>no_space</c>: an alarm names this condition, or a write was refused because of it.</item>
/// <item><c>learner</c>: it has no vote, and refuses what only voters do.</item>
/// <item><c>unauthorized</c>: we may not do what we want to probe with.</item>
/// <item><c>no_leader</c>: it says that it sees no leader.</item>
/// <item><c>write_stalled</c>, <c>apply_stalled</c>, <c>defragmenting</c>: something of it answers, and writes do not end, by where they hang;
/// also <c>apply_stalled</c>: it refuses writes because applying is thousands of entries behind.</item>
/// <item><c>slow</c>: some of its last ten slots ran out of time or were skipped, and others succeeded.</item>
/// <item><c>watch_stalled</c>: only its watch is silent.</item>
/// <item><c>healthy</c>: everything that is probed succeeds (Status may be withheld from us; one slot may have been lost).</item>
/// <item><c>unknown</c>: anything else.</item>
/// </list>
/// </summary>
internal static class EndpointStates
{
    public static readonly IReadOnlyList<EndpointState> All = Enum.GetValues<EndpointState>();

    public static EndpointState Of(EndpointEvidence evidence)
    {
        OperationVerdict?[] all = [evidence.Put, evidence.Get, evidence.GetLocal, evidence.Status];
        OperationVerdict[] ended = [.. all.OfType<OperationVerdict>()];
        if (ended.Length == 0)
        {
            return EndpointState.Unknown;
        }

        if (Unanswered(ended, evidence) is { } silence)
        {
            return silence;
        }

        OperationVerdict?[] consensus = [evidence.Put, evidence.Get];
        bool AnyConsensus(params FailureReason[] reasons) => consensus.Any(v => v?.Failure is { } reason && reasons.Contains(reason));
        bool Alarmed(AlarmKind kind) => evidence.Member?.Alarms.Any(a => a.Kind == kind) == true;

        if (evidence.IsForeign || AnyConsensus(FailureReason.ClusterMismatch))
        {
            return EndpointState.Foreign;
        }

        if (Alarmed(AlarmKind.Corrupt) || AnyConsensus(FailureReason.Corrupt))
        {
            return EndpointState.Corrupt;
        }

        if (Alarmed(AlarmKind.NoSpace) || AnyConsensus(FailureReason.NoSpace))
        {
            return EndpointState.NoSpace;
        }

        if (evidence.Member?.IsLearner == true || AnyConsensus(FailureReason.Learner))
        {
            return EndpointState.Learner;
        }

        if (AnyConsensus(FailureReason.Unauthenticated, FailureReason.PermissionDenied)
            || evidence.GetLocal?.Failure is FailureReason.Unauthenticated or FailureReason.PermissionDenied)
        {
            return EndpointState.Unauthorized;
        }

        if (evidence.Member is { HasLeader: false } || AnyConsensus(FailureReason.NoLeader, FailureReason.LeaderChanged))
        {
            return EndpointState.NoLeader;
        }

        if (evidence.Stall is { } stall)
        {
            return stall.State();
        }

        if (AnyConsensus(FailureReason.TooManyRequests))
        {
            return EndpointState.ApplyStalled;
        }

        var dataServed = consensus.Append(evidence.GetLocal).All(v => v is null or { Succeeded: true } or { Failure: FailureReason.Timeout });
        var statusServed = evidence.Status is null or { Succeeded: true }
            or { Failure: FailureReason.Timeout or FailureReason.PermissionDenied or FailureReason.Unauthenticated };
        return !dataServed || !statusServed ? EndpointState.Unknown
            : evidence.IsSlow ? EndpointState.Slow
            : evidence.IsWatchSilent ? EndpointState.WatchStalled
            : EndpointState.Healthy;
    }

    public static string Label(this EndpointState state) => state switch
    {
        EndpointState.Healthy => "healthy",
        EndpointState.Slow => "slow",
        EndpointState.WriteStalled => "write_stalled",
        EndpointState.ApplyStalled => "apply_stalled",
        EndpointState.WatchStalled => "watch_stalled",
        EndpointState.Defragmenting => "defragmenting",
        EndpointState.Unresponsive => "unresponsive",
        EndpointState.Unreachable => "unreachable",
        EndpointState.TlsError => "tls_error",
        EndpointState.Unauthorized => "unauthorized",
        EndpointState.NoLeader => "no_leader",
        EndpointState.NoSpace => "no_space",
        EndpointState.Corrupt => "corrupt",
        EndpointState.Learner => "learner",
        EndpointState.Foreign => "foreign",
        EndpointState.Unknown => "unknown",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "not a state"),
    };

    /// <summary>Null when anything at all was answered, be it an error of etcd's own.</summary>
    private static EndpointState? Unanswered(OperationVerdict[] ended, EndpointEvidence evidence)
    {
        // The member list tells a hang from silence. Where no connection was had, it is from before that, or ahead of the first probe after it.
        if (ended.Any(v => !IsSilence(v.Failure)) || (evidence.MemberListAnswered && ended.Any(v => v.Failure == FailureReason.Timeout)))
        {
            return null;
        }

        if (ended.Any(v => v.Failure == FailureReason.Tls))
        {
            return EndpointState.TlsError;
        }

        // A mix of refused and timed out is a process that died while a probe hung in it, or one that is coming back: nobody is there.
        return ended.Any(v => v.Failure is FailureReason.Connect or FailureReason.Dns or FailureReason.Unavailable)
            ? EndpointState.Unreachable
            : EndpointState.Unresponsive;
    }

    /// <summary>A result that shows no life: nobody answered, for whatever reason.</summary>
    public static bool IsSilence(FailureReason? failure) => failure
        is FailureReason.Timeout or FailureReason.Connect or FailureReason.Dns or FailureReason.Tls or FailureReason.Unavailable;
}
