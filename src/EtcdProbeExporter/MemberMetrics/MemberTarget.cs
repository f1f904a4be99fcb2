using EtcdProbeExporter.Configuration;
using EtcdProbeExporter.Credentials;

namespace EtcdProbeExporter.MemberMetrics;

/// <summary>
/// An endpoint whose member's own metrics can be had. <paramref name="Member"/> is its name, empty while nobody has told it;
/// <paramref name="IsFirst"/> is false where another endpoint leads to the same member, or the member belongs to another cluster.
/// </summary>
internal sealed record MemberTarget(ClusterConfiguration Cluster, ClusterCredentials Credentials, EndpointAddress Endpoint, string Member, bool IsFirst)
{
    public Uri MetricsUrl => MetricsUrlTemplate.Resolve(Cluster, Endpoint);
}
