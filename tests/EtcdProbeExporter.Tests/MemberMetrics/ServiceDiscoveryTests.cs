using System.Text;
using EtcdProbeExporter.Configuration;
using EtcdProbeExporter.Credentials;
using EtcdProbeExporter.MemberMetrics;
using EtcdProbeExporter.Tests.Consensus;
using EtcdProbeExporter.Tests.Status;
using Microsoft.Extensions.Logging.Abstractions;

namespace EtcdProbeExporter.Tests.MemberMetrics;

public sealed class ServiceDiscoveryTests
{
    private static readonly ClusterConfiguration Cluster = new()
    {
        Name = "prod",
        Endpoints = [new EndpointAddress("https", "m1", 2379)],
        MetricsUrl = "http://{host}:2381",
    };

    private static readonly ScrapeAddress Exporter = new("http", "exporter:10379", "");

    [Fact]
    public void Scheme_and_path_of_an_external_address_stand_in_the_target() =>
        Encoding.UTF8.GetString(ServiceDiscovery.Write(Targets().Take(1), new ScrapeAddress("https", "mon.example", "/probe"), direct: false)).Should()
            .Contain("\"targets\":[\"mon.example\"]").And.Contain("\"__scheme__\":\"https\"").And.Contain("\"__metrics_path__\":\"/probe/etcd/metrics\"");

    [Fact]
    public void A_target_is_the_exporter_with_the_member_as_parameters()
    {
        var body = ServiceDiscovery.Write(Targets().Take(1), Exporter, direct: false);

        Encoding.UTF8.GetString(body).Should().Be(
            """
            [{"targets":["exporter:10379"],"labels":{"__scheme__":"http","__metrics_path__":"/etcd/metrics","__param_cluster":"prod","__param_endpoint":"m1:2379","etcd_cluster":"prod","etcd_endpoint":"m1:2379","etcd_member":"m1","instance":"m1:2379"}}]
            """);
    }

    [Fact]
    public void Asked_for_direct_targets_it_names_the_members_own_address() =>
        Encoding.UTF8.GetString(ServiceDiscovery.Write(Targets().Take(1), Exporter, direct: true)).Should()
            .Contain("\"targets\":[\"m1:2381\"]").And.Contain("\"__scheme__\":\"http\"").And.Contain("\"__metrics_path__\":\"/metrics\"").And.NotContain("__param");

    [Fact]
    public void A_member_behind_two_endpoints_is_one_target()
    {
        var targets = Targets();

        targets.Should().HaveCount(4, "all four endpoints may be asked");
        var body = Encoding.UTF8.GetString(ServiceDiscovery.Write(targets, Exporter, direct: false));
        body.Split("\"targets\"").Should().HaveCount(4);
        body.Should().NotContain("m4:2379");
    }

    [Theory]
    [InlineData(null, null, "https://m1:2379/metrics")]
    [InlineData("http://{host}:2381", null, "http://m1:2381/metrics")]
    [InlineData("http://{host}:2381/own", null, "http://m1:2381/own")]
    [InlineData("http://{host}:2381", "http://elsewhere:1/m", "http://elsewhere:1/m")]
    public void The_nearest_setting_says_where_the_metrics_are(string? ofCluster, string? ofEndpoint, string url)
    {
        var endpoint = Cluster.Endpoints[0] with { MetricsUrl = ofEndpoint is null ? null : new Uri(ofEndpoint) };

        MetricsUrlTemplate.Resolve(Cluster with { MetricsUrl = ofCluster }, endpoint).Should().Be(new Uri(url));
    }

    [Fact]
    public void An_IPv6_host_stays_in_its_brackets() =>
        MetricsUrlTemplate.Resolve(Cluster, new EndpointAddress("http", "::1", 2379)).Should().Be(new Uri("http://[::1]:2381/metrics"));

    private static List<MemberTarget> Targets() => [.. MemberTargets.Of(Cluster, ClusterCredentials.Open(Cluster, NullLogger.Instance).Credentials!, Reported.Cluster(
    [
        Reported.Endpoint(1, Told.Status(1, 1)),
        Reported.Endpoint(2, Told.Status(2, 1)),
        Reported.Endpoint(3, Told.Status(3, 1)),
        Reported.Endpoint(4, Told.Status(3, 1)),
    ]))];
}
