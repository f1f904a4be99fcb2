using System.Diagnostics;
using EtcdProbeExporter.Harness;

namespace EtcdProbeExporter.IntegrationTests;

/// <summary>The tools of the other tests: a fault that is not really there would let them pass for nothing.</summary>
public sealed class EtcdClusterTests
{
    private static readonly string[] Put = ["put", "k", "v"];

    [EtcdFact]
    public async Task It_serves_as_the_release_under_test_and_leaves_nothing_behind()
    {
        var etcd = await EtcdCluster.StartAsync();
        var processes = etcd.Members.Select(m => m.Id).ToList();
        try
        {
            (await RunningProcess.RunAsync(etcd.Release.Etcd, ["--version"])).Should().StartWith($"etcd Version: {EtcdRelease.UnderTest.Name}.");
            (await etcd.EtcdctlAsync(Put)).Trim().Should().Be("OK");
            (await etcd.RevisionAsync()).Should().Be(2);
            processes.Should().OnlyContain(p => Directory.Exists($"/proc/{p}"));
        }
        finally
        {
            await etcd.DisposeAsync();
        }

        processes.Should().NotContain(p => Directory.Exists($"/proc/{p}"));
        Directory.Exists(etcd.DataFolder).Should().BeFalse();
    }

    [EtcdFact]
    public async Task A_frozen_member_hangs_while_the_others_answer()
    {
        await using var etcd = await EtcdCluster.StartAsync();
        var frozen = await etcd.FollowerAsync();

        await frozen.FreezeAsync();
        (await EtcdCluster.AnswersStatusAsync(frozen)).Should().BeNull();
        foreach (var other in etcd.Members.Where(m => m != frozen))
        {
            (await EtcdCluster.AnswersStatusAsync(other)).Should().NotBeNull();
            (await etcd.EtcdctlAsync(Put, other.Endpoint)).Trim().Should().Be("OK");
        }

        await frozen.ThawAsync();
        await EventuallyAtAsync(frozen, await etcd.RevisionAsync());
    }

    [EtcdFact]
    public async Task A_killed_member_is_gone_and_catches_up_when_started_again()
    {
        await using var etcd = await EtcdCluster.StartAsync();
        var killed = await etcd.FollowerAsync();
        var process = killed.Id;

        await killed.KillAsync();
        Directory.Exists($"/proc/{process}").Should().BeFalse();
        (await EtcdCluster.AnswersStatusAsync(killed)).Should().BeNull();
        await etcd.EtcdctlAsync(Put, etcd.Members.First(m => m != killed).Endpoint);

        killed.Start();
        await EventuallyAtAsync(killed, await etcd.RevisionAsync());
    }

    [EtcdTheory("strace")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_delayed_disk_delays_every_put_until_it_heals(bool logOnly)
    {
        await using var etcd = await EtcdCluster.StartAsync(members: 1);
        var member = etcd.Members[0];
        var delay = TimeSpan.FromSeconds(1);

        await using (logOnly ? await member.DelayLogSyncAsync(delay) : await member.DelayFdatasyncAsync(delay))
        {
            for (var i = 0; i < 2; i++)
            {
                var clock = Stopwatch.StartNew();
                await etcd.EtcdctlAsync(Put);
                clock.Elapsed.Should().BeGreaterThan(delay * 0.9);
            }
        }

        File.ReadAllText($"/proc/{member.Id}/status").Should().Contain("TracerPid:\t0");
        (await etcd.EtcdctlAsync(Put)).Trim().Should().Be("OK");
    }

    private static Task<long?> EventuallyAtAsync(EtcdMember member, long revision) => Condition.EventuallyAsync(
        () => EtcdCluster.AnswersStatusAsync(member), r => r >= revision, TimeSpan.FromSeconds(20), $"{member.Name} has caught up to {revision}");
}
