using EtcdProbeExporter.Harness;

namespace EtcdProbeExporter.IntegrationTests;

/// <summary>The network between members is cut, the network to clients is not.</summary>
public sealed class PartitionTests
{
    [RootFact]
    public async Task An_old_leader_cut_from_its_peers_is_never_called_a_split()
    {
        await using var etcd = await NamespacedCluster.StartAsync();
        await using var exporter = await ExporterProcess.StartAsync(
            ["--endpoints", string.Join(',', etcd.Endpoints), "--probe.interval", "1s", "--probe.timeout", "3s"]);
        string State(Scrape scrape, string endpoint) =>
            scrape.Text.Samples("etcd_probe_endpoint_state").Single(s => s.Has(("etcd_endpoint", endpoint)) && s.Value == 1).Labels["state"];
        bool Healthy(Scrape scrape) => etcd.Endpoints.All(e => State(scrape, e) == "healthy");
        await exporter.EventuallyAsync(Healthy, "all are healthy");
        var old = await etcd.LeaderAsync();
        await using var witnessed = Witnessed.Start(exporter);

        await etcd.CutAsync(old);
        var during = await exporter.EventuallyAsync(
            s => etcd.Endpoints.All(e => State(s, e) == (e == etcd.Endpoints[old] ? "no_leader" : "healthy"))
                && s.Text.Samples("etcd_probe_cluster_leader_info").Any(l => l.Labels["leader_endpoint"] is { Length: > 0 } now && now != etcd.Endpoints[old]),
            "the others follow another leader, and the old one knows that it is none",
            40);

        during.Cluster("writable").Should().Be(1);
        during.Cluster("failure_tolerance").Should().Be(0);
        during.Cluster("leaders_claimed").Should().Be(1);

        await etcd.HealAsync(old);
        var after = await exporter.EventuallyAsync(s => Healthy(s) && s.Verdict == "none" && s.Cluster("term_spread") == 0, "all is well again", 60);

        after.Violations.Should().Be(0);
        after.Cluster("failure_tolerance").Should().Be(1);
        witnessed.Verdicts.Should().BeSubsetOf(["none", "stale_leader"]);
    }

    /// <summary>A fact that makes network namespaces.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    private sealed class RootFactAttribute : FactAttribute
    {
        public RootFactAttribute()
        {
            Skip = Tools.ReasonToSkip(["ip"]) ?? (Tools.InContinuousIntegration || Environment.IsPrivilegedProcess ? null : "needs root for network namespaces");
        }
    }
}
