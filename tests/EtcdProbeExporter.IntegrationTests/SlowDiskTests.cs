using EtcdProbeExporter.Harness;

namespace EtcdProbeExporter.IntegrationTests;

/// <summary>Disks that are slow and do not hang: latency says so, and no verdict is spoken that must not be.</summary>
public sealed class SlowDiskTests
{
    [EtcdTheory("strace")]
    [InlineData(50, false)]
    [InlineData(50, true)]
    [InlineData(500, false)]
    [InlineData(500, true)]
    [InlineData(2000, false)]
    [InlineData(2000, true)]
    public async Task A_slow_disk_shows_in_latency_and_never_as_a_split(int milliseconds, bool leads)
    {
        await using var etcd = await EtcdCluster.StartAsync();
        await using var exporter = await ExporterProcess.StartAsync(etcd, "5s");
        await exporter.EventuallyAsync(s => etcd.Members.All(m => s.State(m) == "healthy"), "all are healthy");
        var slow = leads ? await etcd.LeaderAsync() : await etcd.FollowerAsync();
        var before = await exporter.ScrapeAsync();
        await using var witnessed = Witnessed.Start(exporter);

        await using (await slow.DelayFdatasyncAsync(TimeSpan.FromMilliseconds(milliseconds)))
        {
            // A write through the slow member waits for its own log; the edge below the delay tells fast from slow exactly.
            var edge = milliseconds switch { 50 => "0.05", 500 => "0.5", _ => "1" };
            await exporter.EventuallyAsync(
                s => SlowPuts(s, slow, edge) + s.AllFailures(slow) >= SlowPuts(before, slow, edge) + before.AllFailures(slow) + 3, "three slow or failed puts", 60);
            var during = await exporter.ScrapeAsync();
            during.Cluster("writable").Should().Be(1);
            during.Violations.Should().Be(0);
        }

        var after = await exporter.EventuallyAsync(
            s => etcd.Members.All(m => s.State(m) == "healthy") && s.Verdict == "none" && s.Cluster("has_leader") == 1 && s.Cluster("term_spread") == 0, "all is well again", 60);
        after.Violations.Should().Be(0);
        witnessed.Verdicts.Should().BeSubsetOf(["none", "stale_leader"]);
        if (milliseconds == 50)
        {
            witnessed.Verdicts.Should().Equal("none");
            after.ClusterFailures("put").Should().Be(before.ClusterFailures("put"));
        }

        foreach (var other in etcd.Members.Where(m => m != slow && !leads))
        {
            witnessed.States(other).Should().Equal("healthy");
        }
    }

    private static double SlowPuts(Scrape scrape, EtcdMember member, string edge)
    {
        (string, string)[] labels = [("etcd_endpoint", member.Endpoint), ("operation", "put")];
        return (scrape.Text.Value("etcd_probe_duration_seconds_count", labels) ?? 0)
            - (scrape.Text.Value("etcd_probe_duration_seconds_bucket", [.. labels, ("le", edge)]) ?? 0);
    }
}
