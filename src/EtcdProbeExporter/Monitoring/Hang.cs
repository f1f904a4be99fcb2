using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Probing.Endpoints;
using EtcdProbeExporter.Probing.Operations;

namespace EtcdProbeExporter.Monitoring;

/// <summary>
/// Operations of an endpoint that do not end. <paramref name="Since"/> is when the first of them was sent, <paramref name="NoticedAt"/> when
/// it ran out of time.
/// </summary>
/// <param name="Since">See above.</param>
/// <param name="NoticedAt">See above.</param>
/// <param name="HoldsPut">A put is among them: something was to be committed.</param>
internal sealed record Hang(TimeSpan Since, TimeSpan NoticedAt, bool HoldsPut)
{
    /// <summary>Longer than this an answer from memory does not take.</summary>
    private static readonly TimeSpan Prompt = TimeSpan.FromSeconds(1);

    /// <summary>What needs consensus, or the database, does not end; null: it does.</summary>
    public static Hang? Of(EndpointSnapshot endpoint)
    {
        var found = new[] { OfWrites(endpoint), OfDatabase(endpoint) }.OfType<Hang>().ToList();
        return found.Count == 0 ? null : new Hang(found.Min(h => h.Since), found.Min(h => h.NoticedAt), found.Exists(h => h.HoldsPut));
    }

    /// <summary>The newest put ran out of time; or the newest linearizable read did, and no put has ended well since it was sent.</summary>
    public static Hang? OfWrites(EndpointSnapshot endpoint)
    {
        var (put, get) = (endpoint.Operation(ProbeOperation.Put)?.Last, endpoint.Operation(ProbeOperation.Get)?.Last);
        return put is { Failure: FailureReason.Timeout } ? From(put)
            : get is { Failure: FailureReason.Timeout } && !(put is { Succeeded: true } && put.Ended >= get.Sent) ? From(get)
            : null;
    }

    /// <summary>
    /// Puts are made, two at least since it began, and none has ended well, for longer than it may go unsaid. A single one may have been lost on
    /// its way to a leader that has been replaced since.
    /// </summary>
    public bool HasLasted(EndpointSnapshot endpoint, TimeSpan patience, TimeSpan now)
    {
        if (!HoldsPut || now - NoticedAt < patience || endpoint.Operation(ProbeOperation.Put) is not { } put)
        {
            return false;
        }

        var since = put.Slots.Where(s => s.Began >= Since).ToList();
        return since.TrueForAll(s => s.End != SlotEnd.Succeeded) && since.Count(s => s.End == SlotEnd.TimedOut) + (put.InFlight >= Prompt ? 1 : 0) >= 2;
    }

    /// <summary>None of the last ten writes ended well, or reads where none are made.</summary>
    public static bool IsComplete(EndpointSnapshot endpoint)
    {
        var slots = (endpoint.Operation(ProbeOperation.Put) ?? endpoint.Operation(ProbeOperation.Get))?.Slots ?? [];
        return slots.Count >= OperationState.JudgedSlots && slots.All(s => s.End is SlotEnd.TimedOut or SlotEnd.Skipped);
    }

    /// <summary>Whether Status hangs, rather than not having been asked since.</summary>
    public static bool InStatus(EndpointSnapshot endpoint) => endpoint.Operation(ProbeOperation.Status) is { } status
        && (status.Last is { Failure: FailureReason.Timeout } || status.InFlight >= Prompt);

    /// <summary>Status and local reads both ran out of time, and nothing that was sent since has been answered but from memory.</summary>
    private static Hang? OfDatabase(EndpointSnapshot endpoint)
    {
        var (status, read) = (endpoint.Operation(ProbeOperation.Status)?.Last, endpoint.Operation(ProbeOperation.GetLocal)?.Last);
        if (status is not { Failure: FailureReason.Timeout } || read is not { Failure: FailureReason.Timeout })
        {
            return null;
        }

        var since = status.Sent < read.Sent ? status.Sent : read.Sent;
        var answered = endpoint.Operations.Where(o => o.Operation is ProbeOperation.Put or ProbeOperation.Get)
            .Any(o => o.Last is { Succeeded: true } last && last.Ended >= since);
        return answered ? null : new Hang(since, status.Ended > read.Ended ? status.Ended : read.Ended, HoldsPut: false);
    }

    private static Hang From(ProbeResult result) => new(result.Sent, result.Ended, result.Operation == ProbeOperation.Put);
}
