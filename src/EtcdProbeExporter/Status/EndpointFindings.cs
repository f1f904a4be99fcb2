using EtcdProbeExporter.Consensus;
using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Monitoring;
using EtcdProbeExporter.Probing.Endpoints;
using EtcdProbeExporter.Probing.Operations;

namespace EtcdProbeExporter.Status;

/// <summary>What is to be said of one endpoint. Pure.</summary>
internal static class EndpointFindings
{
    /// <summary>etcd itself warns of a request that took longer to apply (server/etcdserver/util.go, warnApplyDuration).</summary>
    public static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(100);

    /// <summary>Half the default election timeout: a disk as slow as that costs leaders their terms.</summary>
    public static readonly TimeSpan TooSlow = TimeSpan.FromMilliseconds(500);

    public static readonly TimeSpan CertificateNotice = TimeSpan.FromDays(14);

    private const double QuotaNotice = 0.8;

    public static IEnumerable<Finding> Of(MonitoredEndpoint endpoint, ClusterReport report) =>
        Kind(endpoint, report).Concat(State(endpoint, report)).Concat(Speed(endpoint, report)).Concat(Certificates(endpoint.Probes, report)).Concat(Room(endpoint.Probes, report));

    // What it is decides what can be said of it, so it is said, though nothing is wrong with it.
    private static IEnumerable<Finding> Kind(MonitoredEndpoint endpoint, ClusterReport report)
    {
        if (endpoint.Probes.Kind is { } kind && kind.Explain() is { Length: > 0 } what)
        {
            yield return new Finding(FindingLevel.Info, endpoint.Probes.Address.Label, $"{Wording.Who(endpoint.Probes, report.View)} {what}", "EtcdMemberListMismatch");
        }
    }

    private static IEnumerable<Finding> State(MonitoredEndpoint endpoint, ClusterReport report)
    {
        var probes = endpoint.Probes;
        var who = Wording.Who(probes, report.View);
        return endpoint.State switch
        {
            EndpointState.ApplyStalled when StallWords.AllApplyNothing(report) => [], // said once, of the cluster
            EndpointState.WriteStalled or EndpointState.ApplyStalled => [Critical(StallWords.Of(endpoint, report), "EtcdEndpointWriteStalled")],
            EndpointState.Defragmenting => [Warning(StallWords.Of(endpoint, report), "EtcdEndpointDown")],
            EndpointState.Slow => [Warning(StallWords.OfSlow(endpoint, report), "EtcdProbeSlowWrites")],
            EndpointState.WatchStalled => [Critical(StallWords.OfWatch(endpoint, report), "EtcdWatchStalled")],
            EndpointState.Unresponsive =>
                [Critical($"{who} accepts connections and answers nothing ({StallWords.Failures(probes)}): its process is stopped, or hangs", "EtcdEndpointDown")],
            EndpointState.Unreachable => [Critical($"{who} cannot be reached: {StallWords.Failures(probes)}", "EtcdEndpointDown")],
            EndpointState.TlsError => [Critical($"{who} cannot be asked, TLS fails: {StallWords.Failures(probes)}", "EtcdEndpointDown")],
            EndpointState.Unauthorized => [Critical($"{who} refuses us: {StallWords.Failures(probes)}", "EtcdEndpointDown")],
            EndpointState.NoLeader => [Critical($"{who} sees no leader: {StallWords.Failures(probes)}", "EtcdNoLeader")],
            EndpointState.NoSpace => [Critical(
                $"{who} is under a NOSPACE alarm ({AlarmOf(probes, AlarmKind.NoSpace, report)}): no writes until space is freed and the alarm disarmed",
                "EtcdAlarmNoSpace")],
            EndpointState.Corrupt => [Critical(
                $"{who} is under a CORRUPT alarm ({AlarmOf(probes, AlarmKind.Corrupt, report)}): members' data differ, do not restart or defragment before reading the runbook",
                "EtcdAlarmCorrupt")],
            EndpointState.Foreign => [Critical(
                $"{who} belongs to another cluster: it answers for {Cluster(probes.Status?.ClusterId)}, the others for {Cluster(report.View.MainClusterId)}",
                "EtcdMemberListMismatch")],
            EndpointState.Unknown => [Warning($"{who} cannot be judged: {StallWords.Failures(probes)}", "EtcdEndpointDown")],
            EndpointState.Learner => [Info($"{who} is a learner{Lag(probes, report.View)}", "EtcdLearnerLagging")],
            EndpointState.Healthy when probes.Operation(ProbeOperation.Status)?.Last is { Succeeded: false } status =>
                [Info($"{who} withholds its status ({Wording.Failure(status)}): this release gives it to root only, so leader, sizes and alarms are unknown there", "EtcdEndpointDown")],
            _ => [],
        };

        Finding Critical(string text, string runbook) => new(FindingLevel.Critical, probes.Address.Label, text, runbook);
        Finding Warning(string text, string runbook) => new(FindingLevel.Warning, probes.Address.Label, text, runbook);
        Finding Info(string text, string runbook) => new(FindingLevel.Info, probes.Address.Label, text, runbook);
    }

    private static string AlarmOf(EndpointSnapshot probes, AlarmKind kind, ClusterReport report)
    {
        var members = probes.Status?.Alarms.Where(a => a.Kind == kind).Select(a => Named(a.MemberId, report.View)).Distinct().ToList() ?? [];
        return members.Count > 0 ? $"raised for {string.Join(", ", members)}" : "a write was refused because of it";
    }

    private static string Named(ulong id, ClusterView view) => ClusterViews.NameOf(view.MemberList, id) is { Length: > 0 } name ? name : EtcdId.Format(id);

    private static string Cluster(ulong? id) => id is { } known ? EtcdId.Format(known) : "an unknown one";

    private static string Lag(EndpointSnapshot probes, ClusterView view)
    {
        if (probes.Status is not { } learner || view.Members.Count == 0)
        {
            return "";
        }

        var ahead = view.Members.Max(m => m.Status.RaftAppliedIndex);
        return ahead > learner.RaftAppliedIndex ? $", {ahead - learner.RaftAppliedIndex} entries behind" : ", in step with the voters";
    }

    private static IEnumerable<Finding> Speed(MonitoredEndpoint endpoint, ClusterReport report)
    {
        if (endpoint is { State: EndpointState.Healthy, Probes: var probes }
            && probes.Operation(ProbeOperation.Put)?.Last is { Succeeded: true } put && put.Duration >= Slow)
        {
            yield return new Finding(
                put.Duration >= TooSlow ? FindingLevel.Warning : FindingLevel.Info,
                probes.Address.Label,
                $"a put through {Wording.Who(probes, report.View)} took {Wording.Of(put.Duration)}",
                "EtcdProbeSlowWrites");
        }
    }

    private static IEnumerable<Finding> Certificates(EndpointSnapshot probes, ClusterReport report)
    {
        var now = report.Probes.TakenAt;
        if (probes.PeerCertificateNotAfter is { } peer && peer - now < CertificateNotice)
        {
            yield return Expiring($"the certificate of {Wording.Who(probes, report.View)}", peer);
        }

        if (probes.ClientCertificateNotAfter is { } own && own - now < CertificateNotice)
        {
            yield return Expiring($"our client certificate for {Wording.Who(probes, report.View)}", own);
        }

        Finding Expiring(string which, DateTimeOffset end) => new(
            FindingLevel.Warning,
            probes.Address.Label,
            $"{which} {(end <= now ? "has expired" : "expires")} at {end.UtcDateTime:yyyy-MM-dd HH:mm} UTC",
            "EtcdCertificateExpiring");
    }

    private static IEnumerable<Finding> Room(EndpointSnapshot probes, ClusterReport report)
    {
        if (probes.Status is { DbSizeQuota: { } quota, DbSize: var size } && size >= quota * QuotaNotice)
        {
            yield return new Finding(
                FindingLevel.Warning,
                probes.Address.Label,
                $"the database of {Wording.Who(probes, report.View)} fills {Wording.OfBytes(size)} of its quota of {Wording.OfBytes(quota)}",
                "EtcdDatabaseQuotaLow");
        }
    }
}
