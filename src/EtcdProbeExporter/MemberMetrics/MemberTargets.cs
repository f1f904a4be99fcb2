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

/// <summary>
/// An endpoint whose member's own metrics can be had. <paramref name="Member"/> is its name, empty while nobody has reported it;
/// <paramref name="IsFirst"/> is false where another endpoint leads to the same member, or the member belongs to another cluster.
/// </summary>
internal sealed record MemberTarget(ClusterConfiguration Cluster, ClusterCredentials Credentials, EndpointAddress Endpoint, string Member, bool IsFirst)
{
    public Uri MetricsUrl => MetricsUrlTemplate.Resolve(Cluster, Endpoint);
}

/// <summary>Where Prometheus reaches the exporter: <c>http</c> or <c>https</c>, host and port, and what stands before its paths.</summary>
internal sealed record ScrapeAddress(string Scheme, string Authority, string PathPrefix);
