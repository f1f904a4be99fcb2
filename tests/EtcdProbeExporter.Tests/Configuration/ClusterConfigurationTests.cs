using EtcdProbeExporter.Configuration;

namespace EtcdProbeExporter.Tests.Configuration;

public sealed class ClusterConfigurationTests
{
    [Fact]
    public void Clusters_are_equal_by_content_and_differ_in_every_property()
    {
        static ClusterConfiguration Cluster() => new() { Name = "a", Endpoints = [new EndpointAddress("http", "a", 1)] };
        ClusterConfiguration[] changed =
        [
            Cluster() with { Name = "b" },
            Cluster() with { Endpoints = [new EndpointAddress("https", "a", 1)] },
            Cluster() with { Discover = true },
            Cluster() with { MetricsUrl = "x" },
            Cluster() with { Tls = new TlsConfiguration { CaFile = "x" } },
            Cluster() with { Auth = new AuthConfiguration { Username = "x" } },
            Cluster() with { Probe = new ProbeConfiguration { Watch = false } },
        ];

        Cluster().Should().Be(Cluster());
        Cluster().GetHashCode().Should().Be(Cluster().GetHashCode());
        changed.Should().NotContain(Cluster()).And.HaveCount(typeof(ClusterConfiguration).GetProperties().Length);
    }
}
