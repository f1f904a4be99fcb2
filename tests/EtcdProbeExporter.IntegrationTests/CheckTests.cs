using System.Diagnostics;
using System.Text.Json;
using EtcdProbeExporter.Harness;

namespace EtcdProbeExporter.IntegrationTests;

/// <summary>The verb check on real clusters: what it says, how long it takes, what it leaves behind.</summary>
public sealed class CheckTests
{
    [EtcdFact]
    public async Task A_healthy_cluster_ends_with_zero_and_says_that_nothing_is_wrong()
    {
        await using var etcd = await EtcdCluster.StartAsync();

        var (code, output, errors) = await ExporterProcess.RunAsync(["check", "--endpoints", etcd.Endpoints]);

        (code, errors).Should().Be((0, ""));
        output.Should().Contain("Nothing is wrong.").And.Contain("tolerates 1 failure").And.NotContain("\e");
        output.Should().ContainAll(etcd.Members.Select(m => m.Endpoint));
        output.Split('\n').Should().OnlyContain(line => line.Length <= 100);
        (await etcd.EtcdctlAsync(["get", "/etcd-probe/", "--prefix", "--keys-only"])).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Should().HaveCount(4, "one key per endpoint and one for the cluster");
    }

    [EtcdFact]
    public async Task Without_writes_it_writes_nothing()
    {
        await using var etcd = await EtcdCluster.StartAsync();
        await using var file = new ConfigurationFile($"clusters: [{{name: a, endpoints: [{etcd.Endpoints}], probe: {{write: none}}}}]");
        var before = await etcd.RevisionAsync();

        var (code, output, _) = await ExporterProcess.RunAsync(["check", "--config.file", file.Path]);

        code.Should().Be(0, output);
        output.Should().Contain("writes not probed");
        (await etcd.RevisionAsync()).Should().Be(before);
    }

    [EtcdFact]
    public async Task A_frozen_member_costs_one_timeout_and_is_named()
    {
        await using var etcd = await EtcdCluster.StartAsync();
        var frozen = await etcd.FollowerAsync();
        await frozen.FreezeAsync();

        var watch = Stopwatch.StartNew();
        var (code, output, _) = await ExporterProcess.RunAsync(["check", "--endpoints", etcd.Endpoints, "--probe.timeout", "4s"]);

        watch.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(8), "two timeouts would take as long");
        code.Should().Be(1);
        output.Should().Contain($"{frozen.Endpoint} (").And.Contain("accepts connections and answers nothing").And.Contain("tolerates 0 failures");
    }

    /// <summary>Story S6.</summary>
    [EtcdFact("strace")]
    public async Task A_leader_whose_log_hangs_is_told_as_stale_with_the_true_leader()
    {
        await using var etcd = await EtcdCluster.StartAsync();
        var old = await etcd.LeaderAsync();
        await using var hang = await old.DelayLogSyncAsync(TimeSpan.FromMinutes(5));
        var others = string.Join(',', etcd.Members.Where(m => m != old).Select(m => m.Endpoint));
        await Condition.EventuallyAsync(
            async () =>
            {
                try
                {
                    return (await etcd.EtcdctlAsync(["--command-timeout=1s", "put", "a", "b"], others)).Contains("OK", StringComparison.Ordinal);
                }
                catch (InvalidOperationException)
                {
                    return false; // the election is not over
                }
            },
            TimeSpan.FromSeconds(20),
            "the others have elected a leader that commits");

        var (code, output, _) = await ExporterProcess.RunAsync(["check", "-o", "json", "--endpoints", etcd.Endpoints, "--probe.timeout", "3s"]);

        code.Should().Be(1);
        using var json = JsonDocument.Parse(output);
        var cluster = json.RootElement.GetProperty("clusters")[0];
        cluster.GetProperty("split_brain").GetProperty("verdict").GetString().Should().Be("stale_leader");
        cluster.GetProperty("writable").GetBoolean().Should().BeTrue();
        cluster.GetProperty("leader").GetProperty("endpoint").GetString().Should().NotBe(old.Endpoint);
        cluster.GetProperty("findings")[0].GetProperty("text").GetString().Should()
            .StartWith($"{old.Endpoint} (").And.Contain("claims leadership at term").And.EndWith("stale leader, most likely a stalled disk");
    }

    [EtcdFact]
    public async Task Two_dead_members_are_a_lost_quorum()
    {
        await using var etcd = await EtcdCluster.StartAsync();
        var survivor = await etcd.LeaderAsync();
        foreach (var member in etcd.Members.Where(m => m != survivor))
        {
            await member.KillAsync();
        }

        var (code, output, _) = await ExporterProcess.RunAsync(["check", "--endpoints", etcd.Endpoints, "--probe.timeout", "3s"]);

        code.Should().Be(1);
        output.Should().Contain("NOT WRITABLE").And.Contain("quorum lost: 1 of 3 members answers, 2 are needed: bring back").And.Contain("cannot be reached");
    }

    [EtcdFact]
    public async Task Members_that_the_list_names_are_checked_as_well_where_discovery_is_on()
    {
        await using var etcd = await EtcdCluster.StartAsync();
        await using var file = new ConfigurationFile($"clusters: [{{name: a, endpoints: [{etcd.Members[0].Endpoint}], discover: true}}]");

        var (code, output, _) = await ExporterProcess.RunAsync(["check", "--config.file", file.Path]);

        code.Should().Be(0, output);
        output.Should().ContainAll(etcd.Members.Select(m => m.Endpoint)).And.Contain("Nothing is wrong.");
    }
}
