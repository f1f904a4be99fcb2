using EtcdProbeExporter.Configuration;
using EtcdProbeExporter.Credentials;
using EtcdProbeExporter.Monitoring;
using EtcdProbeExporter.Status;

namespace EtcdProbeExporter.MemberMetrics;

/// <summary>The endpoints of the clusters that are watched, as sources of their members' own metrics. Pure.</summary>
internal static class MemberTargets
{
    public static IEnumerable<MemberTarget> Of(ClusterConfiguration cluster, ClusterCredentials credentials, ClusterReport report)
    {
        var duplicates = report.View.Mismatch.DuplicateMember.Concat(report.View.Mismatch.ForeignCluster).ToHashSet(StringComparer.Ordinal);
        return report.Endpoints.Select(e => e.Probes)
            .Select(p => new MemberTarget(cluster, credentials, p.Address, Wording.NameOf(p, report.View), !duplicates.Contains(p.Address.Label)));
    }
}
