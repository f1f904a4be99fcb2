using EtcdProbeExporter.Harness;

namespace EtcdProbeExporter.IntegrationTests;

/// <summary>A process that stands still and one whose log hangs look alike for a while: neither is ever called the other.</summary>
public sealed class FrozenMemberTests
{
    [EtcdTheory]
    [InlineData("3.4")]
    [InlineData("3.5")]
    public async Task A_frozen_process_is_never_write_stalled(string release)
    {
        await using var etcd = await EtcdCluster.StartAsync(release);
        await using var exporter = await ExporterProcess.StartAsync(etcd);
        var frozen = await etcd.FollowerAsync();
        await HealthyAsync(exporter, etcd);

        await frozen.FreezeAsync();

        (await StatesAsync(exporter, frozen)).Should().Equal("healthy", "unresponsive");
        await frozen.ThawAsync();
        await HealthyAsync(exporter, etcd);
    }

    [EtcdTheory("strace")]
    [InlineData("3.4")]
    [InlineData("3.5")]
    public async Task A_hung_log_is_never_unresponsive(string release)
    {
        await using var etcd = await EtcdCluster.StartAsync(release);
        await using var exporter = await ExporterProcess.StartAsync(etcd);
        var stalled = await etcd.FollowerAsync();
        await HealthyAsync(exporter, etcd);

        await using (await stalled.DelayLogSyncAsync(TimeSpan.FromSeconds(60)))
        {
            (await StatesAsync(exporter, stalled)).Should().EndWith("write_stalled").And.NotContain("unresponsive");
        }
    }

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
