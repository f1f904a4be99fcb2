using System.Diagnostics;
using EtcdProbeExporter.Harness;
using Xunit.Abstractions;

namespace EtcdProbeExporter.IntegrationTests;

/// <summary>From a real fault to the webhook: which alerts arrive where, which are kept back, and that all of them end.</summary>
public sealed class AlertingTests(ITestOutputHelper output)
{
    private Task<AlertingStack> StartAsync(string timeout = "3s", params string[] arguments) => AlertingStack.StartAsync(output.WriteLine, timeout, arguments);

    [AlertingFact]
    public async Task A_frozen_follower_is_a_ticket_because_the_cluster_works_on()
    {
        await using var stack = await StartAsync();
        var frozen = await stack.Etcd.FollowerAsync();

        var fault = Stopwatch.GetTimestamp();
        await frozen.FreezeAsync();
        await stack.ArriveAsync("tickets", fault, "EtcdEndpointDown", "EtcdFaultToleranceExhausted");

        stack.Receiver.EverAt("pager").Should().BeEmpty();
        await frozen.ThawAsync();
        await stack.ResolveAsync(Stopwatch.GetTimestamp());
    }

    [AlertingFact]
    public async Task Two_killed_members_are_one_page_about_a_lost_quorum()
    {
        await using var stack = await StartAsync();
        var killed = stack.Etcd.Members.Take(2).ToList();

        var fault = Stopwatch.GetTimestamp();
        await Task.WhenAll(killed.Select(m => m.KillAsync()));
        await stack.ArriveAsync("pager", fault, "EtcdQuorumLost", "EtcdClusterWritesFailing", "EtcdClusterReadsFailing", "EtcdNoLeader");
        await stack.ArriveAsync("tickets", fault, "EtcdEndpointDown");

        stack.Receiver.EverAt("tickets").Should().NotContain("EtcdFaultToleranceExhausted", "the lost quorum says more");
        killed.ForEach(m => m.Start());
        await stack.ResolveAsync(Stopwatch.GetTimestamp());
    }

    [AlertingFact]
    public async Task A_full_database_pages_with_its_alarm_and_that_nobody_can_write()
    {
        await using var stack = await StartAsync("3s", "--quota-backend-bytes", "20971520");
        var fault = Stopwatch.GetTimestamp();
        var large = new string('x', 100_000);
        await Condition.EventuallyAsync(
            async () =>
            {
                try
                {
                    for (var i = 0; i < 20; i++)
                    {
                        await stack.Etcd.EtcdctlAsync(["put", "filler", large]);
                    }

                    return false;
                }
                catch (InvalidOperationException e) when (e.Message.Contains("database space exceeded", StringComparison.Ordinal))
                {
                    return true;
                }
            },
            TimeSpan.FromSeconds(60),
            "the quota is reached");
        await stack.ArriveAsync("pager", fault, "EtcdAlarmNoSpace", "EtcdClusterWritesFailing");

        var revision = await stack.Etcd.RevisionAsync();
        await stack.Etcd.EtcdctlAsync(["compact", revision.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        foreach (var member in stack.Etcd.Members)
        {
            await stack.Etcd.EtcdctlAsync(["defrag"], member.Endpoint);
        }

        await stack.Etcd.EtcdctlAsync(["alarm", "disarm"]);
        await stack.ResolveAsync(Stopwatch.GetTimestamp());
    }

    [AlertingFact]
    public async Task A_rolling_restart_is_nobodys_business()
    {
        await using var stack = await StartAsync();
        foreach (var member in stack.Etcd.Members)
        {
            await member.StopAsync();
            member.Start();

            // The next one goes when this one is back, as whoever restarts a cluster waits: only the rules' times are shortened, not etcd's.
            await Condition.EventuallyAsync(
                () => stack.Prometheus.QueryAsync("etcd_probe_cluster_failure_tolerance == 1 and on () (etcd_probe_cluster_members_healthy == 3)"),
                tolerance => tolerance is [1],
                TimeSpan.FromSeconds(60),
                "the member is back");
        }

        // Nothing is on its way to firing any more, and nothing has fired.
        await Condition.EventuallyAsync(
            () => stack.Prometheus.QueryAsync("ALERTS{alertstate=\"pending\"} or vector(0)"), pending => pending is [0], TimeSpan.FromSeconds(120), "no alert is pending");
        (await stack.Prometheus.LabelsAsync("count_over_time(ALERTS{alertstate=\"firing\",alertname!=\"EtcdProbeWatchdog\"}[5m])", "alertname")).Should().BeEmpty();
        (await stack.Prometheus.QueryAsync("count(count_over_time(ALERTS{alertstate=\"pending\"}[5m])) > 0")).Should().NotBeEmpty("the restart was seen");
        stack.Receiver.EverAt("pager").Should().BeEmpty();
        stack.Receiver.EverAt("tickets").Should().BeEmpty();
    }
}
