using EtcdProbeExporter.Consensus;
using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Metrics;
using EtcdProbeExporter.Monitoring;
using EtcdProbeExporter.Probing.Endpoints;
using EtcdProbeExporter.Probing.Operations;

namespace EtcdProbeExporter.Instrumentation;

/// <summary>
/// Writes what is so at the moment of the scrape: gauges are made from reports and never kept, so that nothing outlives what it
/// describes. What is null in a report is absent in the scrape.
/// </summary>
internal sealed class ReportCollector(
    ExporterFamilies exporterFamilies,
    EndpointFamilies endpointFamilies,
    MemberFamilies memberFamilies,
    ClusterFamilies clusterFamilies)
{
    public void Collect(ScrapeSink sink, ClusterReport report)
    {
        var cluster = report.Probes;
        foreach (var monitored in report.Endpoints)
        {
            var endpoint = monitored.Probes;
            CollectEndpoint(sink, cluster, monitored);
            if (endpoint.Status is { } status)
            {
                CollectMember(sink, report, endpoint, status);
            }
            else if (endpoint.Headers is { } headers)
            {
                CollectHeaders(sink, report, endpoint, headers);
            }
        }

        foreach (var operation in cluster.Operations)
        {
            string[] labels = [cluster.Name, operation.Operation.Label()];
            Set(sink, clusterFamilies.Success, operation.Last is { } last ? Bit(last.Succeeded) : null, labels);
            Set(sink, clusterFamilies.LastSuccess, Seconds(operation.LastSuccessAt), labels);
        }

        Set(sink, exporterFamilies.ClientCertificateNotAfter, Seconds(cluster.Endpoints.Min(e => e.ClientCertificateNotAfter)), [cluster.Name]);
        Set(sink, clusterFamilies.Writable, cluster.Writable is { } writable ? Bit(writable) : null, [cluster.Name]);
        if (cluster.HasMembers)
        {
            CollectView(sink, cluster.Name, report);
        }
    }

    private void CollectView(ScrapeSink sink, string cluster, ClusterReport report)
    {
        var view = report.View;
        if (view.Leader is { } leader)
        {
            sink.Set(clusterFamilies.LeaderInfo, 1, [cluster, EtcdId.Format(leader.MemberId), leader.MemberName, leader.Endpoint]);
        }

        var answered = view.Members.Count > 0;
        Set(sink, clusterFamilies.HasLeader, view.HasLeader is { } hasLeader ? Bit(hasLeader) : null, [cluster]);
        Set(sink, clusterFamilies.RaftTerm, view.MaxTerm, [cluster]);
        Set(sink, clusterFamilies.TermSpread, view.MaxTerm - view.MinTerm, [cluster]);
        Set(sink, clusterFamilies.RevisionSpread, view.MaxRevision - view.MinRevision, [cluster]);
        Set(sink, clusterFamilies.LeadersClaimed, answered ? view.Claims.Count : null, [cluster]);
        Set(sink, clusterFamilies.LeadersClaimedInMaxTerm, answered ? view.ClaimsInMaxTerm : null, [cluster]);
        Set(sink, clusterFamilies.LeaderViews, answered ? view.LeaderViews : null, [cluster]);
        Set(sink, clusterFamilies.ClusterIds, view.ClusterIds.Count > 0 ? view.ClusterIds.Count : null, [cluster]);
        Set(sink, clusterFamilies.MemberListViews, view.MemberListViews > 0 ? view.MemberListViews : null, [cluster]);
        foreach (var state in SplitBrainStates.All)
        {
            sink.Set(clusterFamilies.SplitBrain, Bit(state == report.SplitBrain.State), [cluster, state.Label()]);
        }

        Set(sink, clusterFamilies.Members, view.Voters?.Count, [cluster, "voter"]);
        Set(sink, clusterFamilies.Members, view.Learners, [cluster, "learner"]);
        Set(sink, clusterFamilies.MembersHealthy, view.HealthyVoters, [cluster]);
        Set(sink, clusterFamilies.MembersAnswering, view.AnsweringVoters, [cluster]);
        Set(sink, clusterFamilies.QuorumSize, view.QuorumSize, [cluster]);
        Set(sink, clusterFamilies.FailureTolerance, view.FailureTolerance, [cluster]);
        foreach (var (kind, names) in view.Mismatch.Kinds)
        {
            sink.Set(clusterFamilies.MemberMismatch, names.Count, [cluster, kind]);
        }
    }

    private void CollectEndpoint(ScrapeSink sink, ClusterSnapshot cluster, MonitoredEndpoint monitored)
    {
        var (endpoint, state) = monitored;
        string[] target = [cluster.Name, endpoint.Address.Label];
        sink.Set(endpointFamilies.Configured, 1, [.. target, endpoint.Source == EndpointSource.Configured ? "configured" : "discovered"]);
        if (endpoint.Kind is { } kind)
        {
            sink.Set(endpointFamilies.Info, 1, [.. target, kind.Label()]);
        }

        foreach (var possible in EndpointStates.All)
        {
            sink.Set(endpointFamilies.State, Bit(possible == state), [.. target, possible.Label()]);
        }

        if (monitored.Stall is { } stall)
        {
            sink.Set(endpointFamilies.Stall, 1, [.. target, stall.Label()]);
        }

        Set(sink, endpointFamilies.PeerCertificateNotAfter, Seconds(endpoint.PeerCertificateNotAfter), target);
        foreach (var operation in endpoint.Operations)
        {
            string[] labels = [.. target, operation.Operation.Label()];
            Set(sink, endpointFamilies.Success, operation.Last is { } last ? Bit(last.Succeeded) : null, labels);
            Set(sink, endpointFamilies.LastSuccess, Seconds(operation.LastSuccessAt), labels);
            sink.Set(endpointFamilies.InFlight, operation.InFlightNow.TotalSeconds, labels);
        }
    }

    /// <summary>Where Status is withheld from our user: who answers, at which term and revision; nothing on leaders, which only Status reports.</summary>
    private void CollectHeaders(ScrapeSink sink, ClusterReport report, EndpointSnapshot endpoint, ResponseFacts facts)
    {
        string[] target = [report.Probes.Name, endpoint.Address.Label];
        var name = ClusterViews.NameOf(report.View.MemberList, facts.MemberId);
        sink.Set(memberFamilies.Info, 1, [.. target, EtcdId.Format(facts.MemberId), name, "", EtcdId.Format(facts.ClusterId)]);
        sink.Set(memberFamilies.RaftTerm, facts.Term, target);
        sink.Set(memberFamilies.Revision, facts.Revision, target);
    }

    private void CollectMember(ScrapeSink sink, ClusterReport report, EndpointSnapshot endpoint, MemberStatus status)
    {
        var list = report.View.MemberList;
        string[] target = [report.Probes.Name, endpoint.Address.Label];
        var id = EtcdId.Format(status.MemberId);
        sink.Set(memberFamilies.Info, 1, [.. target, id, ClusterViews.NameOf(list, status.MemberId), status.Version, EtcdId.Format(status.ClusterId)]);
        if (status.HasLeader)
        {
            sink.Set(memberFamilies.LeaderInfo, 1, [.. target, EtcdId.Format(status.Leader), ClusterViews.NameOf(list, status.Leader)]);
        }

        sink.Set(memberFamilies.IsLeader, Bit(status.ClaimsLeadership), target);
        sink.Set(memberFamilies.IsLearner, Bit(status.IsLearner), target);
        sink.Set(memberFamilies.HasLeader, Bit(status.HasLeader), target);
        sink.Set(memberFamilies.RaftTerm, status.Term, target);
        sink.Set(memberFamilies.RaftIndex, status.RaftIndex, target);
        sink.Set(memberFamilies.RaftAppliedIndex, status.RaftAppliedIndex, target);
        sink.Set(memberFamilies.Revision, status.Revision, target);
        sink.Set(memberFamilies.DbSize, status.DbSize, target);
        sink.Set(memberFamilies.DbSizeInUse, status.DbSizeInUse, target);
        Set(sink, memberFamilies.DbQuota, status.DbSizeQuota, target);
        if (status.StorageVersion is { } storage)
        {
            sink.Set(memberFamilies.StorageInfo, 1, [.. target, storage]);
        }

        if (status.DowngradeTarget is { } downgrade)
        {
            sink.Set(memberFamilies.Downgrade, 1, [.. target, downgrade]);
        }

        foreach (var alarm in status.Alarms.Distinct())
        {
            sink.Set(memberFamilies.Alarm, 1, [.. target, alarm.Label, EtcdId.Format(alarm.MemberId)]);
        }
    }

    private static void Set(ScrapeSink sink, GaugeFamily family, double? value, string[] labels)
    {
        if (value is { } known)
        {
            sink.Set(family, known, labels);
        }
    }

    private static double Bit(bool value) => value ? 1 : 0;

    private static double? Seconds(DateTimeOffset? at) => at is { } known ? known.ToUnixTimeMilliseconds() / 1000.0 : null;
}
