using System.Diagnostics;
using EtcdProbeExporter.Harness;
using Xunit.Abstractions;

namespace EtcdProbeExporter.IntegrationTests;

/// <summary>The same as <see cref="AlertingTests"/> for disks, by itself so that both halves run at once.</summary>
public sealed class DiskAlertingTests(ITestOutputHelper output)
{
    private Task<AlertingStack> StartAsync(string timeout = "3s") => AlertingStack.StartAsync(output.WriteLine, timeout);

    [AlertingFact]
    public async Task A_slow_disk_pages_for_fdatasync_and_not_for_a_stall()
    {
        // Syncs queue behind each other, and a minute of stall is three seconds here: the timeout must not make a slow disk a stalled one.
        await using var stack = await StartAsync(timeout: "9s");
        var slow = await stack.Etcd.FollowerAsync();

        var fault = Stopwatch.GetTimestamp();
        var delay = await slow.DelayFdatasyncAsync(TimeSpan.FromMilliseconds(600));
        await stack.ArriveAsync("pager", fault, "EtcdWalFsyncSlow", "EtcdBackendCommitSlow");
        await stack.ArriveAsync("tickets", fault, "EtcdProbeSlowWrites");

        stack.Receiver.EverAt("pager").Should().Equal("EtcdBackendCommitSlow", "EtcdWalFsyncSlow");
        stack.Receiver.Firing("pager").Should().OnlyContain(d => d.Labels["etcd_endpoint"] == slow.Endpoint && d.Labels["etcd_member"] == slow.Name);
        await delay.DisposeAsync();
        await stack.ResolveAsync(Stopwatch.GetTimestamp());
    }

    /// <summary>Story S10: everything cluster-wide is green, and the clients of one endpoint lose their writes.</summary>
    [AlertingFact]
    public async Task A_follower_whose_log_hangs_pages_with_its_name()
    {
        await using var stack = await StartAsync();
        var hung = await stack.Etcd.FollowerAsync();

        var fault = Stopwatch.GetTimestamp();
        var hang = await hung.DelayLogSyncAsync(TimeSpan.FromMinutes(5));
        await stack.ArriveAsync("pager", fault, "EtcdEndpointWriteStalled", "EtcdDiskStalled");
        await stack.ArriveAsync("tickets", fault, "EtcdFaultToleranceExhausted");

        stack.Receiver.Firing("pager").Should().OnlyContain(d => d.Labels["etcd_endpoint"] == hung.Endpoint);
        stack.Receiver.EverAt("pager").Should().Equal("EtcdDiskStalled", "EtcdEndpointWriteStalled");
        await hang.DisposeAsync();
        await stack.ResolveAsync(Stopwatch.GetTimestamp());
    }

    /// <summary>Story S6.</summary>
    [AlertingFact]
    public async Task A_leader_whose_log_hangs_is_a_stall_and_a_stale_leader_and_no_split_brain()
    {
        await using var stack = await StartAsync();
        var hung = await stack.Etcd.LeaderAsync();

        var fault = Stopwatch.GetTimestamp();
        var hang = await hung.DelayLogSyncAsync(TimeSpan.FromMinutes(5));
        await stack.ArriveAsync("pager", fault, "EtcdEndpointWriteStalled", "EtcdDiskStalled");
        await stack.ArriveAsync("tickets", fault, "EtcdStaleLeader", "EtcdFaultToleranceExhausted");

        stack.Receiver.EverAt("pager").Should().BeEquivalentTo("EtcdDiskStalled", "EtcdEndpointWriteStalled");
        stack.Receiver.EverAt("tickets").Should().NotContain("EtcdTermDivergence", "the stale leader says the same").And.NotContain("EtcdSplitBrain");
        stack.Receiver.Firing("tickets").First(d => d.Name == "EtcdStaleLeader").Annotations["description"].Should().Contain($"{hung.Endpoint} at term");
        await hang.DisposeAsync();
        await stack.ResolveAsync(Stopwatch.GetTimestamp());
    }
}
