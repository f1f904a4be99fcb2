using EtcdProbeExporter.Harness;

namespace EtcdProbeExporter.IntegrationTests;

/// <summary>An endpoint of another cluster among ours: nothing is written to it, and it never becomes the cluster.</summary>
public sealed class OtherClusterTests
{
    [EtcdFact]
    public async Task A_foreign_store_is_never_written_to_and_never_taken_for_ours()
    {
        await using var etcd = await EtcdCluster.StartAsync();
        await using var other = await EtcdCluster.StartAsync(1);
        var foreign = other.Members[0];
        var before = await other.RevisionAsync();
        await using var exporter = await ExporterProcess.StartAsync(
            ["--endpoints", $"{foreign.Endpoint},{etcd.Endpoints}", "--probe.interval", "1s", "--probe.timeout", "3s"]);

        var during = await exporter.EventuallyAsync(
            s => s.State(foreign) == "foreign" && etcd.Members.All(m => s.State(m) == "healthy") && s.Failures(foreign, "put", "cluster_mismatch") > 2,
            "one is foreign, and its puts are not made",
            40);
        during.Cluster("writable").Should().Be(1);
        during.ClusterFailures("put").Should().Be(0);

        foreach (var member in etcd.Members)
        {
            await member.KillAsync();
        }

        await exporter.EventuallyAsync(
            s => s.Cluster("writable") == 0 && s.Cluster("failure_tolerance") == -2 && s.State(foreign) == "foreign", "a total outage", 30);
        (await other.RevisionAsync()).Should().Be(before);
        (await other.EtcdctlAsync(["get", "--prefix", "/etcd-probe", "--keys-only"])).Trim().Should().BeEmpty();
    }
}
