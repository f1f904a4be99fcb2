using System.Globalization;
using EtcdProbeExporter.Consensus;
using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Monitoring;
using EtcdProbeExporter.Probing.Endpoints;
using EtcdProbeExporter.Probing.Operations;

namespace EtcdProbeExporter.Status;

/// <summary>What is said of a member that hangs, is slow, or is deaf: where, by which evidence, and what follows for the cluster. Pure.</summary>
internal static class StallWords
{
    private const string Counted = "the quorum still counts it";

    /// <summary>One sentence on a member that ends no writes.</summary>
    public static string Of(MonitoredEndpoint endpoint, ClusterReport report)
    {
        var (probes, who) = (endpoint.Probes, Wording.Who(endpoint.Probes, report.View));
        return endpoint.Stall switch
        {
            StallSite.Apply => $"{who} is apply_stalled: it saves what is decided and does not apply it{Behind(probes)}: a large delete, compaction or a slow CPU; "
                + $"{Counted}. {Clients(report)}",
            StallSite.Defragmentation =>
                $"{who} is defragmenting its database and answers nothing that needs it until that is done; {Counted}. {Clients(report)}",
            StallSite.Log => Stalled("its raft index stands still behind the others': a write to its log does not return"),
            StallSite.Database => Stalled($"its own metrics say that its log is written and its database is not: a long transaction, or the database's disk; {Counted}"),
            StallSite.Disk => Stalled("its own metrics say that neither its log nor its database is written: its disk hangs as a whole"),
            StallSite.Backend => Stalled($"it hangs in its backend: defragmentation, snapshot or disk{Unasked(probes)}"),
            _ when !probes.Kind.SpeaksForAMember() => Stalled("where it hangs cannot be told from its answers"),
            _ => Stalled("where it hangs cannot be told from its answers: its disk, or it has lost its peers"),
        };

        string Stalled(string where) => $"{who} is write_stalled: {Failures(probes)}; {Answers(probes)}; {where}. {Clients(report)}";
    }

    /// <summary>One sentence for all members, when every voter saves and none applies; null otherwise.</summary>
    public static string? OfAll(ClusterReport report) =>
        AllApplyNothing(report)
            ? $"all {report.View.Voters!.Count} members save what is decided and none of them applies it: a request that deletes or compacts very much, or slow CPUs; "
                + "a quorum and a leader are there, and writes and linearizable reads wait until it is done"
            : null;

    public static bool AllApplyNothing(ClusterReport report) =>
        report.View.Voters is { Count: > 1 } voters && voters.All(v => v.State == EndpointState.ApplyStalled);

    /// <summary><c>puts through m2 take 2.40 s, 3 of the last 10 slots were skipped</c>, of the operation that lost most.</summary>
    public static string OfSlow(MonitoredEndpoint endpoint, ClusterReport report)
    {
        var worst = endpoint.Probes.Operations.Where(o => o.Operation != ProbeOperation.Watch)
            .MaxBy(o => o.Slots.Count(s => s.End is SlotEnd.Skipped or SlotEnd.TimedOut))!;
        var (skipped, late) = (worst.Slots.Count(s => s.End == SlotEnd.Skipped), worst.Slots.Count(s => s.End == SlotEnd.TimedOut));
        var lost = skipped == 0 ? $"{late} of the last {worst.Slots.Count} slots ran out of time"
            : $"{skipped} of the last {worst.Slots.Count} slots were skipped" + (late > 0 ? $" and {late} ran out of time" : "");
        var served = worst.Recent.TakeLast(OperationState.JudgedSlots).Where(p => p.Failure is null).Select(p => p.Duration).Order().ToList();
        var take = served.Count > 0 ? $" take {Wording.Of(served[served.Count / 2])}, " : ": ";
        return $"{Plural(worst.Operation)} through {Wording.Who(endpoint.Probes, report.View)}{take}{lost}: slow{(endpoint.Probes.Kind.SpeaksForAMember() ? $", and {Counted}" : "")}";
    }

    public static string OfWatch(MonitoredEndpoint endpoint, ClusterReport report)
    {
        var watch = endpoint.Probes.Operation(ProbeOperation.Watch)!;
        var missing = watch.Slots.Reverse().TakeWhile(s => s.End != SlotEnd.Succeeded).Count();
        var number = missing >= OperationState.JudgedSlots ? $"none of the last {missing} events" : $"the last {missing} events";
        return $"{Wording.Who(endpoint.Probes, report.View)} is watch_stalled: put and get are fine, and {number} that were due on its watch "
            + $"{(missing >= OperationState.JudgedSlots ? "came" : "did not come")} ({Wording.Failure(watch.Last!)}). Whoever watches through it, such as an API server, sees nothing change";
    }

    /// <summary>Why it does not count for a quorum, in a few words.</summary>
    public static string Short(StallSite? stall) => stall switch
    {
        StallSite.Log => "its log hangs",
        StallSite.Disk => "its disk hangs",
        StallSite.Backend => "its backend hangs",
        _ => "its writes hang",
    };

    /// <summary>Operations by what became of them: <c>put, get: timeout after 5.00 s</c>.</summary>
    public static string Failures(EndpointSnapshot probes)
    {
        var failed = probes.Operations.Where(o => o.Last is { Succeeded: false } && o.Operation != ProbeOperation.Watch).ToList();
        var groups = failed.GroupBy(o => o.Last!.Failure == FailureReason.Timeout ? FailureReason.Timeout.Label() : Wording.Failure(o.Last));
        return string.Join("; ", groups.Select(g => $"{string.Join(", ", g.Select(o => Wording.Of(o.Operation)))}: {Wording.Failure(g.First().Last!)}"));
    }

    private static string Answers(EndpointSnapshot probes)
    {
        var answers = probes.Operations.Where(o => o.Last is { Succeeded: true } && o.Operation != ProbeOperation.Watch).Select(o => Wording.Of(o.Operation)).ToList();
        return $"{(answers.Count > 0 ? string.Join(" and ", answers) : "the member list")} still {(answers.Count > 1 ? "answer" : "answers")}";
    }

    private static string Clients(ClusterReport report) => report.Probes.Writable == true
        ? "Clients wired to it lose their writes, while writes through other endpoints succeed"
        : "Clients wired to it lose their writes";

    private static string Behind(EndpointSnapshot probes) => probes.Status is { } s && s.RaftIndex > s.RaftAppliedIndex
        ? string.Create(CultureInfo.InvariantCulture, $" ({s.RaftIndex - s.RaftAppliedIndex} {(s.RaftIndex - s.RaftAppliedIndex == 1 ? "entry" : "entries")} behind)")
        : "";

    private static string Unasked(EndpointSnapshot probes) =>
        probes.Storage?.Objection is { } objection ? $" (its own metrics, which would tell, cannot be had: {objection})" : "";

    private static string Plural(ProbeOperation operation) => operation switch
    {
        ProbeOperation.Status => "status calls",
        var other => Wording.Of(other) + "s",
    };
}
