using EtcdProbeExporter.Harness;
using Xunit.Abstractions;

namespace EtcdProbeExporter.IntegrationTests;

/// <summary>Disaster recovery: a cluster that was put back to a snapshot is no split brain and broke no promise.</summary>
public sealed class RestoreTests(ITestOutputHelper output)
{
    /// <summary>Members, whether revisions are bumped as advised for Kubernetes (3.4 cannot), interval.</summary>
    public static TheoryData<int, bool, string> Restores()
    {
        TheoryData<int, bool, string> rows = new() { { 3, false, "1s" }, { 1, false, "1s" }, { 5, false, "1s" }, { 3, false, "5s" } };
        if (!EtcdRelease.IsBefore("3.5"))
        {
            rows.Add(3, true, "1s");
            rows.Add(1, true, "1s");
        }

        return rows;
    }

    [EtcdTheory]
    [MemberData(nameof(Restores))]
    public async Task A_restored_cluster_accuses_nobody_and_is_told_as_restored(int members, bool bump, string interval)
    {
        await using var etcd = await EtcdCluster.StartAsync(members);
        await using var exporter = await ExporterProcess.StartAsync(["--endpoints", etcd.Endpoints, "--probe.interval", interval, "--probe.timeout", "3s"]);
        await using var witnessed = Witnessed.Start(exporter);
        var before = await exporter.EventuallyAsync(s => etcd.Members.All(m => s.State(m) == "healthy"), "all are healthy", 40);
        var snapshot = await Restore.SnapshotAsync(etcd);
        await exporter.EventuallyAsync(s => s.Attempts(etcd.Members[0], "put") >= before.Attempts(etcd.Members[0], "put") + 3, "writes go on behind the snapshot", 40);

        await Restore.RestoreAsync(etcd, snapshot, bump ? 1_000_000_000 : 0);
        await Condition.EventuallyAsync(
            () => Task.FromResult(exporter.Log.Contains("was restored from a snapshot", StringComparison.Ordinal)), TimeSpan.FromSeconds(40), "it is told as restored");
        var restored = await exporter.EventuallyAsync(s => etcd.Members.All(m => s.State(m) == "healthy"), "all are healthy again", 40);
        var after = await exporter.EventuallyAsync(
            s => etcd.Members.All(m => s.Attempts(m, "get") >= restored.Attempts(m, "get") + 3), "reads that could accuse have been made", 40);

        output.WriteLine(exporter.Log.Split('\n').First(l => l.Contains("was restored", StringComparison.Ordinal)));
        after.Violations.Should().Be(0, exporter.Log);
        witnessed.Verdicts.Should().BeSubsetOf(["none", "stale_leader"]);
        using var page = await exporter.GetAsync("/");
        (await page.Content.ReadAsStringAsync()).Should().Contain("restored at");
    }

    [EtcdFact]
    public async Task While_members_come_back_one_by_one_nothing_is_said_of_consistency()
    {
        await using var etcd = await EtcdCluster.StartAsync();
        await using var exporter = await ExporterProcess.StartAsync(etcd);
        await using var witnessed = Witnessed.Start(exporter);
        var before = await exporter.EventuallyAsync(s => etcd.Members.All(m => s.State(m) == "healthy"), "all are healthy", 40);
        var snapshot = await Restore.SnapshotAsync(etcd);
        await exporter.EventuallyAsync(s => s.Attempts(etcd.Members[0], "put") >= before.Attempts(etcd.Members[0], "put") + 3, "writes go on behind the snapshot", 40);

        await Restore.RestoreAsync(etcd, snapshot, between: async () =>
        {
            var now = await exporter.ScrapeAsync();
            await exporter.EventuallyAsync(s => s.Attempts(etcd.Members[0], "status") >= now.Attempts(etcd.Members[0], "status") + 4, "some rounds pass", 40);
        });
        var restored = await exporter.EventuallyAsync(s => etcd.Members.All(m => s.State(m) == "healthy"), "all are healthy again", 40);
        var after = await exporter.EventuallyAsync(s => etcd.Members.All(m => s.Attempts(m, "get") >= restored.Attempts(m, "get") + 3), "reads have been made", 40);

        after.Violations.Should().Be(0, exporter.Log);
        witnessed.Verdicts.Should().BeSubsetOf(["none", "stale_leader"]);
        exporter.Log.Split('\n').Count(l => l.Contains("was restored from a snapshot", StringComparison.Ordinal)).Should().Be(1, exporter.Log);
    }

    [EtcdFact]
    public async Task When_nobody_answers_membership_and_cluster_stay_what_they_were()
    {
        await using var etcd = await EtcdCluster.StartAsync();
        await using var exporter = await ExporterProcess.StartAsync(etcd);
        await exporter.EventuallyAsync(s => s.Cluster("failure_tolerance") == 1, "all are healthy", 40);

        await Task.WhenAll(etcd.Members.Select(m => m.KillAsync()));
        var dead = await exporter.EventuallyAsync(s => etcd.Members.All(m => s.State(m) == "unreachable") && s.Cluster("writable") == 0, "all are dead, and the last acknowledgement is old", 40);

        (dead.Cluster("failure_tolerance"), dead.Cluster("quorum_size"), dead.Cluster("members_answering"), dead.Cluster("members", ("role", "voter"))).Should().Be((-2, 2, 0, 3));
        dead.Cluster("has_leader").Should().Be(0, "nobody leads a cluster that is known and silent");
        using var page = await exporter.GetAsync("/api/v1/status");
        (await page.Content.ReadAsStringAsync()).Should().Contain("0 of 3 members answer, 2 are needed: bring back m0 (refuses connections) or m1 (refuses connections) or m2 (refuses connections)");
    }
}
