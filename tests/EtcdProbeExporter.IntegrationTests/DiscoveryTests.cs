using EtcdProbeExporter.Harness;

namespace EtcdProbeExporter.IntegrationTests;

/// <summary>Endpoints that the member list names.</summary>
public sealed class DiscoveryTests
{
    [EtcdFact]
    public async Task Members_of_the_list_are_probed_and_one_that_leaves_takes_its_series_with_it()
    {
        await using var etcd = await EtcdCluster.StartAsync();
        var configured = await etcd.LeaderAsync();
        await using var file = new ConfigurationFile(
            $"clusters: [{{ endpoints: [{configured.Endpoint}], discover: true, probe: {{ interval: 1s, timeout: 3s }} }}]");
        await using var exporter = await ExporterProcess.StartAsync(["--config.file", file.Path]);

        var found = await exporter.EventuallyAsync(
            s => s.Text.Samples("etcd_probe_endpoint_configured").Count() == 3 && etcd.Members.All(m => s.State(m) == "healthy"), "all three are probed", 40);
        found.Cluster("failure_tolerance").Should().Be(1);
        found.Cluster("member_mismatch", ("kind", "not_probed")).Should().Be(0);
        found.Text.Value("etcd_probe_endpoint_configured", ("etcd_endpoint", configured.Endpoint), ("source", "configured")).Should().Be(1);

        var leaving = etcd.Members.First(m => m != configured);
        var id = found.Text.Samples("etcd_probe_member_info").Single(s => s.Has(("etcd_endpoint", leaving.Endpoint))).Labels["member_id"];
        await Condition.EventuallyAsync(() => RemovedAsync(etcd, configured, id), TimeSpan.FromSeconds(20), "the cluster lets it go");

        var after = await exporter.EventuallyAsync(
            s => !s.Series.Any(x => x.Contains(leaving.Endpoint, StringComparison.Ordinal)) && s.Cluster("members", ("role", "voter")) == 2,
            "nothing tells of it any more",
            40);
        after.Cluster("failure_tolerance").Should().Be(0);
        after.ClusterFailures("put").Should().Be(0);
        exporter.Log.Should().Contain($"no longer names {leaving.Endpoint}");
    }

    [EtcdFact]
    public async Task Without_discovery_members_that_are_not_probed_are_counted()
    {
        await using var etcd = await EtcdCluster.StartAsync();
        var configured = etcd.Members[0];
        await using var exporter = await ExporterProcess.StartAsync(["--endpoints", configured.Endpoint, "--probe.interval", "1s", "--probe.timeout", "3s"]);

        var scrape = await exporter.EventuallyAsync(s => s.Cluster("member_mismatch", ("kind", "not_probed")) == 2, "two are not probed");

        scrape.Cluster("failure_tolerance").Should().BeNull("nobody knows how the others are");
        scrape.Cluster("has_leader").Should().Be(1);
    }

    private static async Task<bool> RemovedAsync(EtcdCluster etcd, EtcdMember asked, string id)
    {
        try
        {
            await etcd.EtcdctlAsync(["member", "remove", id], asked.Endpoint);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false; // for some seconds after the start etcd answers "unhealthy cluster"
        }
    }
}
