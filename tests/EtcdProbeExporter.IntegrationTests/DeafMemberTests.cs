using EtcdProbeExporter.Harness;

namespace EtcdProbeExporter.IntegrationTests;

/// <summary>Puts and gets through one endpoint are fine, and no event of a watch comes through it.</summary>
public sealed class DeafMemberTests
{
    [EtcdFact]
    public async Task A_deaf_endpoint_is_said_to_be_deaf_and_the_others_are_not()
    {
        await using var etcd = await EtcdCluster.StartAsync();
        await using var proxy = await DeafProxy.StartAsync(etcd.Members[0]);
        var others = etcd.Members.Skip(1).ToList();
        await using var exporter = await ExporterProcess.StartAsync(
            ["--endpoints", string.Join(',', others.Select(m => m.Endpoint).Prepend(proxy.Endpoint)), "--probe.interval", "1s", "--probe.timeout", "3s"]);
        string StateOf(Scrape s) => s.Text.Samples("etcd_probe_endpoint_state").Single(x => x.Has(("etcd_endpoint", proxy.Endpoint)) && x.Value == 1).Labels["state"];
        bool AllHealthy(Scrape s) => StateOf(s) == "healthy" && others.All(m => s.State(m) == "healthy");
        double Delivered(Scrape s) => s.Text.Value("etcd_probe_watch_delivery_seconds_count", ("etcd_endpoint", proxy.Endpoint)) ?? 0;
        await exporter.EventuallyAsync(s => AllHealthy(s) && Delivered(s) >= 2, "all is well through the proxy", 60);

        proxy.BeDeaf();

        var during = await exporter.EventuallyAsync(s => StateOf(s) == "watch_stalled", "it is said to be deaf", 40);
        during.Text.Value("etcd_probe_success", ("etcd_endpoint", proxy.Endpoint), ("operation", "put")).Should().Be(1);
        during.Cluster("failure_tolerance").Should().Be(1);
        others.Should().OnlyContain(m => during.State(m) == "healthy");
        (await exporter.FindingsAsync()).Should().Contain(f => f.StartsWith($"critical EtcdWatchStalled: {proxy.Endpoint} (m0) is watch_stalled: put and get are fine, and the last ", StringComparison.Ordinal));

        proxy.Hear();
        await exporter.EventuallyAsync(AllHealthy, "it hears again", 60);
    }
}
