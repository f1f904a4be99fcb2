using EtcdProbeExporter.Harness;

namespace EtcdProbeExporter.IntegrationTests;

/// <summary>Real members, really broken: what the exporter says before, during and after, without a restart and without losing a series.</summary>
public sealed class FaultTests
{
    [EtcdFact]
    public async Task A_frozen_follower_fails_alone_and_shows_before_its_timeout()
    {
        await using var etcd = await EtcdCluster.StartAsync();
        await using var exporter = await ExporterProcess.StartAsync(etcd);
        var frozen = await etcd.FollowerAsync();
        var others = etcd.Members.Where(m => m != frozen).ToList();
        var before = await AllHealthyAsync(exporter, etcd);

        await frozen.FreezeAsync();
        await exporter.EventuallyAsync(
            s => s.InFlight(frozen, "put") > 1 && s.Success(frozen, "put") == 1, "the put in flight is older than a second before it has failed");
        var during = await exporter.EventuallyAsync(
            s => s.State(frozen) == "unresponsive"
                && new[] { "put", "get", "get_local", "status" }.All(o => s.Failures(frozen, o, "timeout") > before.Failures(frozen, o, "timeout")),
            "every operation has timed out");

        during.Cluster("failure_tolerance").Should().Be(0);
        during.Text.Value("etcd_probe_member_raft_term", ("etcd_endpoint", frozen.Endpoint)).Should().BeNull("its term is not known now");
        foreach (var other in others)
        {
            during.AllFailures(other).Should().Be(before.AllFailures(other));
            during.Skipped(other).Should().Be(before.Skipped(other), "slots of others keep their times");
            during.Attempts(other, "put").Should().BeGreaterThanOrEqualTo(before.Attempts(other, "put") + 3);
            during.State(other).Should().Be("healthy");
        }

        during.ClusterFailures("put").Should().Be(before.ClusterFailures("put"), "another member serves");
        during.ClusterFailures("get").Should().Be(before.ClusterFailures("get"));
        during.Cluster("writable").Should().Be(1);

        await frozen.ThawAsync();
        await RecoveredAsync(exporter, etcd, before);
    }

    [EtcdFact]
    public async Task A_frozen_leader_is_replaced_and_claims_nothing_when_it_wakes()
    {
        await using var etcd = await EtcdCluster.StartAsync();
        await using var exporter = await ExporterProcess.StartAsync(etcd);
        var frozen = await etcd.LeaderAsync();
        var before = await AllHealthyAsync(exporter, etcd);

        await frozen.FreezeAsync();
        var during = await exporter.EventuallyAsync(
            s => s.State(frozen) == "unresponsive" && s.Cluster("leader_changes_total") == 1 && s.Cluster("has_leader") == 1, "another one leads");

        during.Verdict.Should().Be("none");
        during.Cluster("leaders_claimed").Should().Be(1);
        during.Cluster("term_changes_total").Should().Be(1);
        during.Text.Samples("etcd_probe_cluster_leader_info").Should().ContainSingle().Which.Labels["leader_endpoint"].Should().NotBe(frozen.Endpoint);

        await frozen.ThawAsync();
        var after = await RecoveredAsync(exporter, etcd, before);
        after.Verdict.Should().Be("none");
    }

    [EtcdFact]
    public async Task A_killed_member_is_refused_at_once_and_comes_back()
    {
        await using var etcd = await EtcdCluster.StartAsync();
        await using var exporter = await ExporterProcess.StartAsync(etcd);
        var killed = await etcd.FollowerAsync();
        var before = await AllHealthyAsync(exporter, etcd);

        await killed.KillAsync();
        var during = await exporter.EventuallyAsync(s => s.State(killed) == "unreachable", "the endpoint is unreachable");
        var later = await exporter.EventuallyAsync(
            s => s.Failures(killed, "put", "connect") >= during.Failures(killed, "put", "connect") + 3, "three more puts were refused");

        later.Skipped(killed).Should().Be(during.Skipped(killed), "a refusal takes far less than a slot");
        later.InFlight(killed, "put").Should().BeLessThan(0.5);
        later.Cluster("failure_tolerance").Should().Be(0);
        later.Cluster("member_mismatch", ("kind", "not_probed")).Should().Be(0, "a member that is down is still probed");
        later.ClusterFailures("put").Should().Be(before.ClusterFailures("put"));

        killed.Start();
        await RecoveredAsync(exporter, etcd, before);
    }

    [EtcdFact]
    public async Task A_lone_survivor_reads_locally_and_nothing_else()
    {
        await using var etcd = await EtcdCluster.StartAsync();
        await using var exporter = await ExporterProcess.StartAsync(etcd);
        var survivor = etcd.Members[0];
        var before = await AllHealthyAsync(exporter, etcd);

        await etcd.Members[1].KillAsync();
        await etcd.Members[2].KillAsync();
        var during = await exporter.EventuallyAsync(
            s => s.State(survivor) == "no_leader" && s.Success(survivor, "put") == 0 && s.Success(survivor, "get") == 0
                && s.Cluster("success", ("operation", "put")) == 0 && s.Cluster("success", ("operation", "get")) == 0 && s.Cluster("writable") == 0,
            "linearizable operations fail");

        during.Success(survivor, "get_local").Should().Be(1);
        during.Success(survivor, "status").Should().Be(1);
        during.Text.Value("etcd_probe_member_has_leader", ("etcd_endpoint", survivor.Endpoint)).Should().Be(0);
        during.Cluster("has_leader").Should().Be(0);
        during.Text.Samples("etcd_probe_cluster_leader_info").Should().BeEmpty();
        during.Cluster("failure_tolerance").Should().Be(-1, "one returning member is enough");
        (during.Cluster("members_answering"), during.Cluster("members_healthy")).Should().Be((1, 0));
        await exporter.EventuallyAsync(
            s => s.Cluster("leaderless_seconds_total") > during.Cluster("leaderless_seconds_total"), "leaderless time goes on");

        etcd.Members[1].Start();
        etcd.Members[2].Start();
        await RecoveredAsync(exporter, etcd, before);
    }

    [EtcdFact("strace")]
    public async Task A_follower_whose_disk_hangs_loses_its_writes_while_the_cluster_is_fine()
    {
        await using var etcd = await EtcdCluster.StartAsync();
        await using var exporter = await ExporterProcess.StartAsync(etcd);
        var stalled = await etcd.FollowerAsync();
        var before = await AllHealthyAsync(exporter, etcd);

        await using (await stalled.DelayLogSyncAsync(TimeSpan.FromSeconds(60)))
        {
            var during = await exporter.EventuallyAsync(
                s => s.State(stalled) == "write_stalled" && s.Failures(stalled, "put", "timeout") >= 1 && s.Failures(stalled, "get", "timeout") >= 1,
                "puts and linearizable gets time out there");
            during.Verdict.Should().Be("none");
            during.Cluster("writable").Should().Be(1);
            during.Cluster("failure_tolerance").Should().Be(0);
            during.ClusterFailures("put").Should().Be(before.ClusterFailures("put"));
            during.Cluster("leader_changes_total").Should().Be(0);
            foreach (var operation in new[] { "get_local", "status" })
            {
                during.Success(stalled, operation).Should().Be(1, "{0} needs no disk", operation);
                during.Failures(stalled, operation, "timeout").Should().Be(before.Failures(stalled, operation, "timeout"), "{0} needs no disk", operation);
            }

            foreach (var other in etcd.Members.Where(m => m != stalled))
            {
                during.AllFailures(other).Should().Be(before.AllFailures(other));
                during.Skipped(other).Should().Be(before.Skipped(other));
            }
        }

        await RecoveredAsync(exporter, etcd, before);
    }

    [EtcdTheory("strace")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_leader_whose_disk_hangs_reads_stale_leader_if_it_answers_and_never_worse(bool logOnly)
    {
        await using var etcd = await EtcdCluster.StartAsync();
        await using var exporter = await ExporterProcess.StartAsync(etcd);
        var stalled = await etcd.LeaderAsync();
        var before = await AllHealthyAsync(exporter, etcd);
        var verdicts = new HashSet<string>();

        await using (logOnly ? await stalled.DelayLogSyncAsync(TimeSpan.FromSeconds(60)) : await stalled.DelayFdatasyncAsync(TimeSpan.FromSeconds(60)))
        {
            var during = await exporter.EventuallyAsync(
                s =>
                {
                    verdicts.Add(s.Verdict);
                    return s.State(stalled) == "write_stalled" && s.Cluster("leader_changes_total") == 1
                        && s.Cluster("success", ("operation", "put")) == 1 && etcd.Members.Where(m => m != stalled).All(m => s.State(m) == "healthy")
                        && ((s.Success(stalled, "status") == 0 && !logOnly) || s.Verdict == "stale_leader");
                },
                "the others have a new leader, and the old one is stale or silent",
                30);

            during.Cluster("failure_tolerance").Should().Be(0);
            during.Cluster("writable").Should().Be(1);
            during.Text.Samples("etcd_probe_cluster_leader_info").Should().ContainSingle().Which.Labels["leader_endpoint"].Should().NotBe(stalled.Endpoint);
            if (during.Verdict == "stale_leader")
            {
                during.Cluster("leaders_claimed").Should().Be(2);
                during.Cluster("leaders_claimed_in_max_term").Should().Be(1);
                during.Cluster("term_spread").Should().BeGreaterThanOrEqualTo(1, "a split vote costs a term more");
                exporter.Log.Should().Contain($"stale leader: {stalled.Name} ({stalled.Endpoint}) at term");
            }

            await Condition.ThroughoutAsync(TimeSpan.FromSeconds(5), async () => verdicts.Add((await exporter.ScrapeAsync()).Verdict));
        }

        var after = await RecoveredAsync(exporter, etcd, before);
        after.Violations.Should().Be(0);
        verdicts.Should().BeSubsetOf(["none", "stale_leader"]);
    }

    [EtcdFact]
    public async Task A_rolling_restart_breaks_no_promise_and_raises_no_suspicion()
    {
        await using var etcd = await EtcdCluster.StartAsync();
        await using var exporter = await ExporterProcess.StartAsync(etcd);
        var before = await AllHealthyAsync(exporter, etcd);
        var verdicts = new HashSet<string>();

        foreach (var member in etcd.Members)
        {
            await member.StopAsync();
            await exporter.EventuallyAsync(
                s =>
                {
                    verdicts.Add(s.Verdict);
                    return s.State(member) == "unreachable";
                },
                "it is down");
            member.Start();
            await exporter.EventuallyAsync(
                s =>
                {
                    verdicts.Add(s.Verdict);
                    return etcd.Members.All(m => s.State(m) == "healthy");
                },
                "all are healthy again",
                40);
        }

        var after = await RecoveredAsync(exporter, etcd, before);
        after.Violations.Should().Be(0);
        verdicts.Should().NotContain("suspected").And.NotContain("confirmed");
    }

    private static Task<Scrape> AllHealthyAsync(ExporterProcess exporter, EtcdCluster etcd) => exporter.EventuallyAsync(
        s => etcd.Members.All(m => s.State(m) == "healthy") && s.Cluster("writable") == 1 && s.Cluster("failure_tolerance") == (etcd.Members.Count - 1) / 2
            && s.Cluster("success", ("operation", "get")) == 1,
        "everything is healthy",
        40);

    /// <summary>Healthy again, and every series that was there before is there.</summary>
    private static async Task<Scrape> RecoveredAsync(ExporterProcess exporter, EtcdCluster etcd, Scrape before)
    {
        await AllHealthyAsync(exporter, etcd);

        // What a member says of itself comes with its status, which may be the last of its probes to succeed again.
        // Labels that may change: who leads, and the version of the storage, which a new member of etcd 3.6 and later raises some seconds after its start.
        var stable = before.Series.Where(s => !s.Contains("leader_info", StringComparison.Ordinal) && !s.Contains("storage_info", StringComparison.Ordinal)).ToList();
        return await exporter.EventuallyAsync(s => !stable.Except(s.Series).Any(), $"every series is back: {string.Join(' ', stable)}");
    }
}
