using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Metrics;
using EtcdProbeExporter.Probing;

namespace EtcdProbeExporter.Instrumentation;

/// <summary>
/// Writes what is so at the moment of the scrape: gauges are made from snapshots and never kept, so that nothing outlives what it
/// describes. What is null in a snapshot is absent in the scrape.
/// </summary>
internal sealed class SnapshotCollector(
    EndpointFamilies endpointFamilies, MemberFamilies memberFamilies, ClusterFamilies clusterFamilies)
{
    public void Collect(ScrapeSink sink, ClusterSnapshot cluster)
    {
        foreach (var endpoint in cluster.Endpoints)
        {
            CollectEndpoint(sink, cluster, endpoint);
            if (endpoint.Status is { } status)
            {
                CollectMember(sink, cluster, endpoint, status);
            }
        }

        foreach (var operation in cluster.Operations)
        {
            string[] labels = [cluster.Name, operation.Operation.Label()];
            Set(sink, clusterFamilies.Success, operation.Last is { } last ? Bit(last.Succeeded) : null, labels);
            Set(sink, clusterFamilies.LastSuccess, Seconds(operation.LastSuccessAt), labels);
        }

        Set(sink, clusterFamilies.Writable, cluster.Writable is { } writable ? Bit(writable) : null, [cluster.Name]);
    }

    private void CollectEndpoint(ScrapeSink sink, ClusterSnapshot cluster, EndpointSnapshot endpoint)
    {
        string[] target = [cluster.Name, endpoint.Address.Label];
        sink.Set(endpointFamilies.Configured, 1, [.. target, "configured"]);
        Set(sink, endpointFamilies.PeerCertificateNotAfter, Seconds(endpoint.PeerCertificateNotAfter), target);
        foreach (var operation in endpoint.Operations)
        {
            string[] labels = [.. target, operation.Operation.Label()];
            Set(sink, endpointFamilies.Success, operation.Last is { } last ? Bit(last.Succeeded) : null, labels);
            Set(sink, endpointFamilies.LastSuccess, Seconds(operation.LastSuccessAt), labels);
            sink.Set(endpointFamilies.InFlight, operation.InFlight.TotalSeconds, labels);
        }
    }

    private void CollectMember(ScrapeSink sink, ClusterSnapshot cluster, EndpointSnapshot endpoint, MemberStatus status)
    {
        string[] target = [cluster.Name, endpoint.Address.Label];
        var id = EtcdId.Format(status.MemberId);
        sink.Set(memberFamilies.Info, 1, [.. target, id, NameOf(endpoint, status.MemberId), status.Version, EtcdId.Format(status.ClusterId)]);
        if (status.HasLeader)
        {
            sink.Set(memberFamilies.LeaderInfo, 1, [.. target, EtcdId.Format(status.Leader), NameOf(endpoint, status.Leader)]);
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
        foreach (var alarm in status.Alarms.Distinct())
        {
            sink.Set(memberFamilies.Alarm, 1, [.. target, alarm.Label, EtcdId.Format(alarm.MemberId)]);
        }
    }

    /// <summary>The name in the endpoint's own member list; empty when that list is not known or does not have the member.</summary>
    private static string NameOf(EndpointSnapshot endpoint, ulong id) => endpoint.Members?.FirstOrDefault(m => m.Id == id)?.Name ?? "";

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
