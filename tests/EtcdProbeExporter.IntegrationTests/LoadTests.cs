using EtcdProbeExporter.Harness;
using Xunit.Abstractions;

namespace EtcdProbeExporter.IntegrationTests;

/// <summary>A cluster that is worked hard is slow at most, and what is said of it stands for a while.</summary>
[Trait("NeedsEtcd", "no")] // once is enough
[Collection(WholeMachine.Name)]
public sealed class LoadTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [EtcdFact]
    public async Task Two_hundred_clients_make_nothing_flap()
    {
        await using var etcd = await EtcdCluster.StartAsync(arguments: BulkKeys.Arguments);
        await BulkKeys.PutAsync(await etcd.LeaderAsync(), 10_000);
        await using var exporter = await ExporterProcess.StartAsync(etcd, "4s");
        await exporter.EventuallyAsync(s => etcd.Members.All(m => s.State(m) == "healthy"), "all are healthy", 60);
        await using var witnessed = Witnessed.Start(exporter);
        var states = etcd.Members.ToDictionary(m => m.Endpoint, _ => new List<string>());

        await using (var load = Load.Start(etcd, 200))
        {
            await Condition.ThroughoutAsync(Minute, async () =>
            {
                var scrape = await exporter.ScrapeAsync();
                foreach (var (endpoint, seen) in states)
                {
                    // Members that get no processor hold elections: then nobody leads indeed, and that is not what is asked here.
                    if (scrape.State(endpoint) is not "no_leader" and var state && (seen.Count == 0 || seen[^1] != state))
                    {
                        seen.Add(state);
                    }
                }
            });
            output.WriteLine($"{load.Served} calls served");
            load.Served.Should().BePositive();
        }

        foreach (var (endpoint, seen) in states)
        {
            output.WriteLine($"{endpoint}: {string.Join(" ", seen)}");
            seen.Count.Should().BeLessThanOrEqualTo(3, "two changes in a minute");
            seen.Should().BeSubsetOf(["healthy", "slow"]);
        }

        witnessed.Verdicts.Should().BeSubsetOf(["none", "stale_leader"]);
        var after = await exporter.EventuallyAsync(s => etcd.Members.All(m => s.State(m) == "healthy"), "all are healthy again", 60);
        after.Violations.Should().Be(0);
    }
}
