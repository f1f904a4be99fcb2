using EtcdProbeExporter.Harness;

namespace EtcdProbeExporter.IntegrationTests;

/// <summary>A process that stands still and one whose log hangs look alike for a while: neither is ever called the other.</summary>
public sealed class FrozenMemberTests
{
    [EtcdFact]
    public async Task A_frozen_process_is_never_write_stalled()
    {
        await using var etcd = await EtcdCluster.StartAsync();
        await using var exporter = await ExporterProcess.StartAsync(etcd);
        var frozen = await etcd.FollowerAsync();
        await HealthyAsync(exporter, etcd);

        await frozen.FreezeAsync();

        (await StatesAsync(exporter, frozen)).Should().Equal("healthy", "unresponsive");
        await frozen.ThawAsync();
        await HealthyAsync(exporter, etcd);
    }

    [EtcdFact("strace")]
    public async Task A_hung_log_is_never_unresponsive()
    {
        await using var etcd = await EtcdCluster.StartAsync();
        await using var exporter = await ExporterProcess.StartAsync(etcd);
        var stalled = await etcd.FollowerAsync();
        await HealthyAsync(exporter, etcd);

        await using (await stalled.DelayLogSyncAsync(TimeSpan.FromSeconds(60)))
        {
            (await StatesAsync(exporter, stalled)).Should().EndWith("write_stalled").And.NotContain("unresponsive");
        }
    }

    [EtcdFact]
    public async Task A_frozen_member_does_not_slow_the_cluster_down()
    {
        await using var etcd = await EtcdCluster.StartAsync();
        await using var exporter = await ExporterProcess.StartAsync(etcd);
        var frozen = await etcd.FollowerAsync();
        await HealthyAsync(exporter, etcd);

        await frozen.FreezeAsync();
        var before = await exporter.EventuallyAsync(s => s.State(frozen) == "unresponsive", "it is found silent");
        var after = await exporter.EventuallyAsync(s => ClusterPuts(s, "+Inf") >= ClusterPuts(before, "+Inf") + 9, "nine more puts", 40);

        // Asking the frozen one first in every third slot took those a whole patience of a second or so.
        (ClusterPuts(after, "0.5") - ClusterPuts(before, "0.5")).Should().Be(ClusterPuts(after, "+Inf") - ClusterPuts(before, "+Inf"));
        (after.ClusterAttempts("put") - before.ClusterAttempts("put")).Should().BeInRange(9, 10);
    }

    private static double ClusterPuts(Scrape scrape, string bound) => scrape.Text.Samples("etcd_probe_cluster_duration_seconds_bucket")
        .Single(s => s.Has(("operation", "put"), ("le", bound))).Value;

    private static Task<Scrape> HealthyAsync(ExporterProcess exporter, EtcdCluster etcd) =>
        exporter.EventuallyAsync(s => etcd.Members.All(m => s.State(m) == "healthy"), "everything is healthy", 40);

    /// <summary>The states that follow each other within ten seconds.</summary>
    private static async Task<List<string>> StatesAsync(ExporterProcess exporter, EtcdMember member)
    {
        var states = new List<string>();
        await Condition.ThroughoutAsync(TimeSpan.FromSeconds(10), async () =>
        {
            var state = (await exporter.ScrapeAsync()).State(member);
            if (states.Count == 0 || states[^1] != state)
            {
                states.Add(state);
            }
        });
        return states;
    }
}
