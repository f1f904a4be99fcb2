using EtcdProbeExporter.Harness;

namespace EtcdProbeExporter.IntegrationTests;

/// <summary>The exporter itself stands still beside a healthy cluster: that is neither etcd's latency nor its failure.</summary>
public sealed class OwnPauseTests
{
    [EtcdTheory]
    [InlineData(3)]
    [InlineData(20)]
    public async Task What_waited_while_the_exporter_stood_still_is_skipped(int seconds)
    {
        await using var etcd = await EtcdCluster.StartAsync();
        await using var exporter = await ExporterProcess.StartAsync(etcd);
        var before = await exporter.EventuallyAsync(
            s => etcd.Members.All(m => s.State(m) == "healthy") && s.Cluster("writable") == 1, "everything is healthy", 40);

        await exporter.SignalAsync("STOP");
        await Task.Delay(TimeSpan.FromSeconds(seconds)); // the pause itself
        await exporter.SignalAsync("CONT");

        await Condition.ThroughoutAsync(TimeSpan.FromSeconds(5), async () =>
        {
            var now = await exporter.ScrapeAsync();
            now.Cluster("writable").Should().Be(1);
            etcd.Members.Should().OnlyContain(m => now.State(m) == "healthy");
        });
        var after = await exporter.ScrapeAsync();
        etcd.Members.Sum(m => after.AllFailures(m)).Should().Be(etcd.Members.Sum(m => before.AllFailures(m)));
        after.ClusterFailures("put").Should().Be(before.ClusterFailures("put"));
        Above(after, "etcd_probe_duration_seconds").Should().Be(Above(before, "etcd_probe_duration_seconds"));
        Above(after, "etcd_probe_cluster_duration_seconds").Should().Be(Above(before, "etcd_probe_cluster_duration_seconds"));
        Above(after, "etcd_probe_watch_delivery_seconds").Should().Be(Above(before, "etcd_probe_watch_delivery_seconds"));
        Sum(after, "etcd_probe_skipped_total", ("reason", "paused")).Should().BeGreaterThan(Sum(before, "etcd_probe_skipped_total", ("reason", "paused")));
        after.Attempts(etcd.Members[0], "put").Should().BeGreaterThan(before.Attempts(etcd.Members[0], "put") + 2, "probing goes on");
    }

    private static double Above(Scrape scrape, string histogram) =>
        Sum(scrape, histogram + "_count") - Sum(scrape, histogram + "_bucket", ("le", "0.5"));

    private static double Sum(Scrape scrape, string name, params (string, string)[] labels) =>
        scrape.Text.Samples(name).Where(s => s.Has(labels)).Sum(s => s.Value);
}
