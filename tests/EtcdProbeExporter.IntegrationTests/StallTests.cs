using EtcdProbeExporter.Harness;

namespace EtcdProbeExporter.IntegrationTests;

/// <summary>
/// A part of a real member made to hang, on a follower and on the leader: told by state, by place, by tolerance and in words, and never as
/// something else on the way.
/// </summary>
public sealed class StallTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(90);

    [EtcdTheory("strace")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_log_that_hangs_counts_for_no_quorum(bool leads) => await HangsAsync(
        leads, m => m.DelayLogSyncAsync(Long), ["write_stalled"], "log", tolerance: 0,
        "critical EtcdEndpointWriteStalled", "is write_stalled", "its raft index stands still behind the others': a write to its log does not return");

    [EtcdTheory("strace")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_database_that_hangs_alone_counts(bool leads) => await HangsAsync(
        leads, m => m.DelayDatabaseSyncAsync(Long), ["write_stalled"], "database", tolerance: 1,
        "critical EtcdEndpointWriteStalled", "is write_stalled", "its own metrics say that its log is written and its database is not", "the quorum still counts it");

    [EtcdTheory("strace")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_defragmentation_is_said_to_be_one_and_pages_nobody(bool leads)
    {
        Task? defragmentation = null;
        await HangsAsync(
            leads,
            async m =>
            {
                var delay = await m.DelayRenamesAsync(TimeSpan.FromSeconds(25));
                defragmentation = RunningProcess.RunAsync(
                    EtcdRelease.UnderTest.Etcdctl, ["--endpoints", m.Endpoint, "--command-timeout=60s", "defrag"], new Dictionary<string, string> { ["ETCDCTL_API"] = "3" });
                return delay;
            },
            ["defragmenting"], "defragmentation", tolerance: 1,
            "warning EtcdEndpointDown", "is defragmenting its database and answers nothing that needs it until that is done; the quorum still counts it");
        await defragmentation!;
    }

    [EtcdFact("strace")]
    public async Task Where_metrics_cannot_be_had_the_words_leave_it_open()
    {
        await using var etcd = await EtcdCluster.StartAsync();
        await using var file = new ConfigurationFile(
            $"clusters: [{{ name: c, endpoints: [{etcd.Endpoints}], metrics_url: \"http://{{host}}:{Ports.Next()}\", probe: {{ interval: 1s, timeout: 3s }} }}]");
        await using var exporter = await ExporterProcess.StartAsync(["--config.file", file.Path]);
        await HealthyAsync(exporter, etcd);
        var hung = await etcd.FollowerAsync();

        await using (await hung.DelayDatabaseSyncAsync(Long))
        {
            await exporter.EventuallyAsync(s => s.Stall(hung) == "backend", "it is known that its backend hangs", 40);
            await Condition.ThroughoutAsync(TimeSpan.FromSeconds(8), async () => (await exporter.ScrapeAsync()).Stall(hung).Should().Be("backend"));
            (await exporter.FindingsAsync()).Should().Contain(f => f.Contains("it hangs in its backend: defragmentation, snapshot or disk (its own metrics, which would tell, cannot be had:", StringComparison.Ordinal));
        }

        await HealthyAsync(exporter, etcd);
    }

    [EtcdTheory("strace")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_slow_disk_is_slow_and_does_not_flap(bool leads)
    {
        await using var etcd = await EtcdCluster.StartAsync();
        await using var exporter = await ExporterProcess.StartAsync(etcd, "4s");
        await HealthyAsync(exporter, etcd);
        var slow = leads ? await etcd.LeaderAsync() : await etcd.FollowerAsync();

        await using var witnessed = Witnessed.Start(exporter);
        await using (await slow.DelayFdatasyncAsync(TimeSpan.FromMilliseconds(600)))
        {
            await exporter.EventuallyAsync(s => s.State(slow) == "slow", "it is slow", 60);
            await Condition.ThroughoutAsync(TimeSpan.FromSeconds(20), async () =>
            {
                var scrape = await exporter.ScrapeAsync();
                scrape.State(slow).Should().Be("slow");
                scrape.Cluster("failure_tolerance").Should().Be(1);
            });
            (await exporter.FindingsAsync()).Should().Contain(f => f.StartsWith("warning EtcdProbeSlowWrites: ", StringComparison.Ordinal)
                && f.Contains($"s through {slow.Endpoint} ({slow.Name})", StringComparison.Ordinal) && f.Contains(" of the last 10 slots were skipped", StringComparison.Ordinal));
        }

        await HealthyAsync(exporter, etcd);
        witnessed.States(slow).Should().BeEquivalentTo("healthy", "slow");
    }

    private static async Task HangsAsync(
        bool leads, Func<EtcdMember, Task<IAsyncDisposable>> hang, string[] states, string where, int tolerance, params string[] words)
    {
        await using var etcd = await EtcdCluster.StartAsync();
        await using var exporter = await ExporterProcess.StartAsync(etcd);
        await HealthyAsync(exporter, etcd);
        var hung = leads ? await etcd.LeaderAsync() : await etcd.FollowerAsync();
        await using var witnessed = Witnessed.Start(exporter);

        await using (await hang(hung))
        {
            var during = await exporter.EventuallyAsync(
                s => s.Stall(hung) == where && s.Cluster("failure_tolerance") == tolerance && s.Cluster("has_leader") == 1 && s.Cluster("writable") == 1, $"it is known to hang in its {where}", 40);
            states.Should().Contain(during.State(hung));
            (await exporter.FindingsAsync()).Should().Contain(f => words.All(w => f.Contains(w, StringComparison.Ordinal)) && f.Contains($"{hung.Endpoint} ({hung.Name})", StringComparison.Ordinal));
        }

        await HealthyAsync(exporter, etcd);
        witnessed.States(hung).Should().BeSubsetOf(["healthy", "slow", .. states]);
    }

    private static Task<Scrape> HealthyAsync(ExporterProcess exporter, EtcdCluster etcd) => exporter.EventuallyAsync(
        s => etcd.Members.All(m => s.State(m) == "healthy") && s.Cluster("failure_tolerance") == 1 && s.Cluster("writable") == 1, "everything is healthy", 60);
}
