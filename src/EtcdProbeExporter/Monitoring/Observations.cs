using EtcdProbeExporter.Consensus;
using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Probing.Endpoints;
using EtcdProbeExporter.Probing.Operations;

namespace EtcdProbeExporter.Monitoring;

/// <summary>Turns what probes brought into what the consensus view judges. Pure.</summary>
internal static class Observations
{
    public static EndpointEvidence EvidenceOf(EndpointSnapshot endpoint, ulong? mainClusterId)
    {
        var since = SilentSince(endpoint);
        return new EndpointEvidence
        {
            Put = Verdict(endpoint, ProbeOperation.Put, since),
            Get = Verdict(endpoint, ProbeOperation.Get, since),
            GetLocal = Verdict(endpoint, ProbeOperation.GetLocal, since),
            Status = Verdict(endpoint, ProbeOperation.Status, since),
            MemberListAnswered = since is null && endpoint.Members is not null,
            Member = endpoint.Status,
            IsForeign = (endpoint.Status?.ClusterId ?? endpoint.Headers?.ClusterId) is { } id && mainClusterId is { } main && id != main,
        };
    }

    /// <summary>
    /// Since when there is no sign of life, while some call has run out of time; null when there is one. What was answered before the first of
    /// the calls that ran out of time was sent, or before the member list was asked for in vain, was answered before the silence began.
    /// </summary>
    private static TimeSpan? SilentSince(EndpointSnapshot endpoint)
    {
        var ended = endpoint.Operations.Where(o => o.Operation != ProbeOperation.Watch).Select(o => o.Last).OfType<ProbeResult>().ToList();
        var timeouts = ended.Where(r => r.Failure == FailureReason.Timeout).ToList();
        if (timeouts.Count == 0)
        {
            return null;
        }

        var since = timeouts.Min(r => r.Sent);
        since = endpoint.MembersSilentSince is { } asked && asked > since ? asked : since;
        var listed = endpoint.Members is not null && (endpoint.MembersAnsweredAt is not { } at || at >= since);
        return listed || ended.Exists(r => r.Ended >= since && !EndpointStates.IsSilence(r.Failure)) ? null : since;
    }

    private static OperationVerdict? Verdict(EndpointSnapshot endpoint, ProbeOperation operation, TimeSpan? silentSince) =>
        endpoint.Operation(operation)?.Last is { } last && (silentSince is null || EndpointStates.IsSilence(last.Failure))
            && !IsOutdated(endpoint, last)
            ? new OperationVerdict(last.Failure)
            : null;

    /// <summary>
    /// An endpoint that cannot be connected to and one that answers exclude each other: of two results that say so the younger counts, and the
    /// other is from before the member went or came back. Its own slot comes later, and until then it is as if it had not been probed.
    /// </summary>
    private static bool IsOutdated(EndpointSnapshot endpoint, ProbeResult result)
    {
        bool Later(Func<ProbeResult, bool> which) => endpoint.Operations.Any(
            o => o.Operation != ProbeOperation.Watch && o.Last is { } r && r.Ended > result.Ended && which(r));
        return IsUnconnected(result) ? Later(r => !EndpointStates.IsSilence(r.Failure))
            : !EndpointStates.IsSilence(result.Failure) && Later(IsUnconnected);
    }

    // Not all that is unavailable: etcd itself answers so too.
    private static bool IsUnconnected(ProbeResult result) =>
        result.IsConnectionLost || result.Failure is FailureReason.Connect or FailureReason.Dns or FailureReason.Tls;

    public static EndpointObservation Observe(EndpointSnapshot endpoint, EndpointPast verdict) => new()
    {
        Endpoint = endpoint.Address.Label,
        State = verdict.State,
        Stall = verdict.Stall,
        Sample = endpoint.Sample,
        Headers = endpoint.Headers,
        Members = endpoint.Members,
        Kind = endpoint.Kind,
        LastMemberId = endpoint.Kind == EndpointKind.Gateway ? null : endpoint.LastMemberId,
    };
}
