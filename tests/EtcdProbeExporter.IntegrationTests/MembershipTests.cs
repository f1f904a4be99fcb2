using EtcdProbeExporter.Harness;

namespace EtcdProbeExporter.IntegrationTests;

/// <summary>Who belongs to the cluster, as what, and through which endpoint.</summary>
public sealed class MembershipTests
{
    [EtcdFact]
    public async Task A_learner_joins_is_promoted_and_leaves_without_a_false_word()
    {
        await using var etcd = await EtcdCluster.StartAsync();
        await using var file = new ConfigurationFile(
            $"clusters: [{{ endpoints: [{etcd.Endpoints.Replace(",", ", ", StringComparison.Ordinal)}], discover: true, probe: {{ interval: 1s, timeout: 3s }} }}]");
        await using var exporter = await ExporterProcess.StartAsync(["--config.file", file.Path]);
        await using var witnessed = Witnessed.Start(exporter);
        await exporter.EventuallyAsync(s => etcd.Members.All(m => s.State(m) == "healthy"), "all are healthy");

        await using var joining = await etcd.AddLearnerAsync();
        var learning = await exporter.EventuallyAsync(
            s => s.Cluster("members", ("role", "learner")) == 1 && s.Text.Value("etcd_probe_member_is_learner", ("etcd_endpoint", joining.Endpoint)) == 1, "the learner is seen", 40);

        (learning.Cluster("members", ("role", "voter")), learning.Cluster("quorum_size"), learning.Cluster("failure_tolerance")).Should().Be((3, 2, 1));
        var state = await exporter.EventuallyAsync(s => s.State(joining) == "learner" && s.Success(joining, "get_local") == 1 && s.Success(joining, "status") == 1, "it answers what learners answer");
        state.Text.Value("etcd_probe_member_raft_applied_index", ("etcd_endpoint", joining.Endpoint)).Should().BeGreaterThan(0);

        await Condition.EventuallyAsync(() => SucceedsAsync(etcd, "member", "promote", joining.MemberId!), TimeSpan.FromSeconds(30), "it may be promoted");
        await exporter.EventuallyAsync(
            s => s.Cluster("members", ("role", "voter")) == 4 && s.State(joining) == "healthy" && s.Cluster("quorum_size") == 3 && s.Cluster("failure_tolerance") == 1, "it is a voter", 40);

        await etcd.EtcdctlAsync(["member", "remove", joining.MemberId!]);
        var after = await exporter.EventuallyAsync(
            s => !s.Series.Any(x => x.Contains(joining.Endpoint, StringComparison.Ordinal)) && s.Cluster("members", ("role", "voter")) == 3, "its series are gone", 40);

        (after.Violations, after.ClusterFailures("put")).Should().Be((0, 0));
        after.Cluster("failure_tolerance").Should().Be(1);
        witnessed.Verdicts.Should().Equal("none");
    }

    [EtcdFact]
    public async Task An_endpoint_of_another_cluster_is_found_out()
    {
        await using var etcd = await EtcdCluster.StartAsync();
        await using var other = await EtcdCluster.StartAsync(members: 1);
        var stranger = other.Members[0];
        await using var exporter = await ExporterProcess.StartAsync(["--endpoints", $"{etcd.Endpoints},{stranger.Endpoint}", "--probe.interval", "1s", "--probe.timeout", "3s"]);

        var scrape = await exporter.EventuallyAsync(s => s.Verdict == "confirmed" && s.State(stranger) == "foreign", "two clusters under one name are a split", 40);

        scrape.Cluster("cluster_ids").Should().Be(2);
        scrape.Cluster("member_mismatch", ("kind", "foreign_cluster")).Should().Be(1);
        (scrape.Cluster("failure_tolerance"), scrape.Cluster("leaders_claimed")).Should().Be((1, 1), "the stranger counts for nothing");
        scrape.Violations.Should().Be(0, "its revisions are not compared with ours");
        etcd.Members.Should().OnlyContain(m => scrape.State(m) == "healthy");
    }

    [EtcdFact]
    public async Task One_member_through_two_addresses_is_one_member()
    {
        await using var etcd = await EtcdCluster.StartAsync();
        var twice = etcd.Members[0].Endpoint.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);
        await using var exporter = await ExporterProcess.StartAsync(["--endpoints", $"{etcd.Endpoints},{twice}", "--probe.interval", "1s", "--probe.timeout", "3s"]);
        await using var witnessed = Witnessed.Start(exporter);

        var scrape = await exporter.EventuallyAsync(
            s => s.Cluster("member_mismatch", ("kind", "duplicate_member")) == 1 && etcd.Members.All(m => s.Attempts(m, "put") >= 5), "the duplicate is counted");

        (scrape.Cluster("leaders_claimed"), scrape.Cluster("cluster_ids"), scrape.Cluster("failure_tolerance"), scrape.Cluster("members_healthy")).Should().Be((1, 1, 1, 3));
        scrape.Violations.Should().Be(0);
        witnessed.Verdicts.Should().Equal("none");
    }

    private static async Task<bool> SucceedsAsync(EtcdCluster etcd, params string[] arguments)
    {
        try
        {
            await etcd.EtcdctlAsync(arguments);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false; // not in sync with the leader yet
        }
    }
}
