using EtcdProbeExporter.Harness;

namespace EtcdProbeExporter.IntegrationTests;

/// <summary>What probes leave in etcd.</summary>
public sealed class ProbeWriteTests
{
    [EtcdFact]
    public async Task Commit_mode_crosses_consensus_and_leaves_revision_and_keyspace_alone()
    {
        await using var etcd = await EtcdCluster.StartAsync();
        await using var configuration = new ConfigurationFile($"clusters: [{{ endpoints: [{etcd.Endpoints}], probe: {{ interval: 1s, timeout: 2s, write: commit }} }}]");
        var revision = await etcd.RevisionAsync();
        await using var exporter = await ExporterProcess.StartAsync(["--config.file", configuration.Path]);

        var after = await exporter.EventuallyAsync(s => etcd.Members.All(m => s.Attempts(m, "put") >= 10), "ten seconds of puts", 30);

        etcd.Members.Should().OnlyContain(m => after.Success(m, "put") == 1 && after.AllFailures(m) == 0);
        (await etcd.RevisionAsync()).Should().Be(revision);
        (await etcd.EtcdctlAsync(["get", "--prefix", "--keys-only", ""])).Trim().Should().BeEmpty();
        after.Text.Samples("etcd_probe_member_raft_index").Max(s => s.Value).Should().BeGreaterThan(30, "the proposals were real");
    }

    [EtcdFact]
    public async Task Put_mode_leaves_one_key_per_endpoint_and_one_more()
    {
        await using var etcd = await EtcdCluster.StartAsync();
        await using var exporter = await ExporterProcess.StartAsync(etcd);
        await exporter.EventuallyAsync(s => etcd.Members.All(m => s.Attempts(m, "put") >= 5), "several rounds", 30);

        var keys = (await etcd.EtcdctlAsync(["get", "--prefix", "--keys-only", ""])).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        keys.Should().BeEquivalentTo(etcd.Members.Select(m => $"/etcd-probe/endpoint/{m.Endpoint}").Append("/etcd-probe/cluster"));
    }

    [EtcdFact]
    public async Task Without_writes_nothing_is_written_and_no_write_is_told_of()
    {
        await using var etcd = await EtcdCluster.StartAsync(members: 1);
        await using var configuration = new ConfigurationFile($"clusters: [{{ endpoints: [{etcd.Endpoints}], probe: {{ interval: 1s, timeout: 2s, write: none }} }}]");
        var revision = await etcd.RevisionAsync();
        await using var exporter = await ExporterProcess.StartAsync(["--config.file", configuration.Path]);

        var after = await exporter.EventuallyAsync(s => s.Attempts(etcd.Members[0], "get") >= 3, "several rounds");

        (await etcd.RevisionAsync()).Should().Be(revision);
        after.State(etcd.Members[0]).Should().Be("healthy");
        after.Series.Should().NotContain(s => s.Contains("operation=put", StringComparison.Ordinal));
        after.Cluster("writable").Should().BeNull();
    }

    [EtcdFact]
    public async Task One_round_costs_one_proposal_per_endpoint_and_one_for_the_cluster()
    {
        await using var etcd = await EtcdCluster.StartAsync();
        await using var exporter = await ExporterProcess.StartAsync(etcd);
        double Puts(Scrape s) => etcd.Members.Sum(m => s.Attempts(m, "put")) + (s.Cluster("attempts_total", ("operation", "put")) ?? 0);
        double Index(Scrape s) => s.Text.Samples("etcd_probe_member_raft_index").Max(x => x.Value);
        var first = await exporter.EventuallyAsync(s => etcd.Members.All(m => s.Attempts(m, "put") >= 2), "warmed up", 30);
        var last = await exporter.EventuallyAsync(s => Puts(s) >= Puts(first) + 40, "ten rounds", 30);

        // Indexes are as old as the newest status, up to a round; nothing but probes writes here.
        (Index(last) - Index(first)).Should().BeInRange(40 - 8, Puts(last) - Puts(first) + 8);
    }
}
