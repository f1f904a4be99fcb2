using EtcdProbeExporter.Consensus;
using EtcdProbeExporter.Etcd;

namespace EtcdProbeExporter.Monitoring;

/// <summary>One log line for each change between rounds: who leads, the verdict and whom it names, what was broken, what was restored.</summary>
internal sealed partial class RoundLog(string cluster, ILogger logger)
{
    private string _verdict = "";
    private ulong? _leader;

    public void Report(ClusterReport report, RoundOutcome outcome)
    {
        if (outcome.Exchanged is { } exchange)
        {
            Log.Exchanged(logger, cluster, EtcdId.Format(exchange.Before), EtcdId.Format(exchange.After));
        }

        if (outcome.Restored is { } restored)
        {
            Log.Restored(logger, cluster, restored);
        }

        foreach (var violation in outcome.Violations)
        {
            Violated(violation);
        }

        Verdict(report.SplitBrain);
        Leader(report.View);
    }

    public void Violated(Violation violation) => Log.Violated(logger, cluster, violation.Kind.Label(), violation.What);

    // Who is stale and who is followed belong to the verdict: when they change, what was logged before is no longer true.
    private void Verdict(SplitBrainVerdict verdict)
    {
        var now = verdict.State == SplitBrainState.None ? ""
            : $"{verdict.State} {string.Join(',', verdict.StaleClaims.Select(c => c.MemberId).Order())} {verdict.TrueLeader?.MemberId}";
        if (now == _verdict)
        {
            return;
        }

        _verdict = now;
        if (now.Length == 0)
        {
            Log.SplitBrainOver(logger, cluster);
        }
        else
        {
            Log.SplitBrain(logger, cluster, verdict.State.Label(), verdict.Evidence);
        }
    }

    private void Leader(ClusterView view)
    {
        if (view.Leader?.MemberId == _leader || view.Members.Count == 0 || view.HasLeader is null)
        {
            return;
        }

        _leader = view.Leader?.MemberId;
        if (view.Leader is { } leader)
        {
            Log.Leads(logger, leader.MemberName, EtcdId.Format(leader.MemberId), cluster, view.MaxTerm ?? 0);
        }
        else
        {
            Log.NobodyLeads(logger, cluster);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(106, LogLevel.Warning, "split-brain verdict on {Cluster} is now {State}: {Evidence}")]
        public static partial void SplitBrain(ILogger logger, string cluster, string state, string evidence);

        [LoggerMessage(107, LogLevel.Information, "split-brain verdict on {Cluster} is none again")]
        public static partial void SplitBrainOver(ILogger logger, string cluster);

        [LoggerMessage(108, LogLevel.Information, "{Leader} ({MemberId}) leads {Cluster} at term {Term}")]
        public static partial void Leads(ILogger logger, string leader, string memberId, string cluster, ulong term);

        [LoggerMessage(109, LogLevel.Warning, "no quorum of {Cluster} names a leader")]
        public static partial void NobodyLeads(ILogger logger, string cluster);

        [LoggerMessage(110, LogLevel.Error, "{Cluster} broke a promise of consistency, {Kind}: {What}")]
        public static partial void Violated(ILogger logger, string cluster, string kind, string what);

        [LoggerMessage(113, LogLevel.Warning, "{Cluster} was restored from a snapshot: {What}; what had been acknowledged before counts no more")]
        public static partial void Restored(ILogger logger, string cluster, Restoration what);

        [LoggerMessage(114, LogLevel.Warning, "{Cluster} is another cluster now: most of its endpoints showed id {Before} and show {After}")]
        public static partial void Exchanged(ILogger logger, string cluster, string before, string after);
    }
}
