using EtcdProbeExporter.Harness;

namespace EtcdProbeExporter.IntegrationTests;

/// <summary>One request that keeps every member applying for seconds, as a job that deletes a million keys does.</summary>
[Collection(WholeMachine.Name)]
public sealed class LargeDeleteTests
{
    [EtcdFact]
    public async Task Members_that_all_apply_one_large_request_are_no_lost_quorum_and_no_disks()
    {
        await using var etcd = await EtcdCluster.StartAsync(arguments: BulkKeys.Arguments);
        await BulkKeys.PutAsync(await etcd.LeaderAsync(), 1_000_000);
        await using var exporter = await ExporterProcess.StartAsync(
            ["--endpoints", etcd.Endpoints, "--probe.interval", "1s", "--probe.timeout", "3s"]);
        await HealthyAsync(exporter, etcd);
        await using var witnessed = Witnessed.Start(exporter);
        var term = await etcd.TermAsync();

        var delete = BulkKeys.DeleteAsync(await etcd.LeaderAsync());
        var during = await exporter.EventuallyAsync(s => etcd.Members.All(m => s.State(m) == "apply_stalled"), "all of them do not apply", 40);
        var findings = await exporter.FindingsAsync();

        during.Cluster("failure_tolerance").Should().Be(1);
        during.Cluster("has_leader").Should().Be(1);
        findings.Should().Contain(f => f.StartsWith("critical EtcdEndpointWriteStalled: all 3 members save what is decided and none of them applies it", StringComparison.Ordinal));
        findings.Should().NotContain(f => f.Contains("quorum lost", StringComparison.Ordinal) || f.Contains("disk", StringComparison.Ordinal));
        await delete;
        await HealthyAsync(exporter, etcd);

        // Where so much work kept etcd itself from its heartbeats, an election went on beside it, by etcd's own word.
        string[] election = await etcd.TermAsync() == term ? [] : ["no_leader", "write_stalled"];
        foreach (var member in etcd.Members)
        {
            witnessed.States(member).Should().BeSubsetOf(["healthy", "slow", "apply_stalled", .. election]);
        }
    }

    private static Task<Scrape> HealthyAsync(ExporterProcess exporter, EtcdCluster etcd) =>
        exporter.EventuallyAsync(s => etcd.Members.All(m => s.State(m) == "healthy") && s.Cluster("failure_tolerance") == 1, "everything is healthy", 90);
}
