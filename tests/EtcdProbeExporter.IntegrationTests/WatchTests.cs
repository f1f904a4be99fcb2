using EtcdProbeExporter.Harness;

namespace EtcdProbeExporter.IntegrationTests;

/// <summary>The watch on the cluster's probe key, through every endpoint.</summary>
public sealed class WatchTests
{
    [EtcdFact]
    public async Task Every_acknowledged_cluster_put_is_delivered_through_every_endpoint()
    {
        await using var etcd = await EtcdCluster.StartAsync();
        await using var exporter = await ExporterProcess.StartAsync(etcd);

        var scrape = await exporter.EventuallyAsync(s => etcd.Members.All(m => Delivered(s, m) >= 5), "five events through each", 40);

        foreach (var member in etcd.Members)
        {
            scrape.Success(member, "watch").Should().Be(1);
            WatchFailures(scrape, member).Should().Be(0);
            scrape.Attempts(member, "watch").Should().BeInRange(Delivered(scrape, member), Delivered(scrape, member) + 1);
        }
    }

    [EtcdFact]
    public async Task A_frozen_member_delivers_nothing_in_time_and_its_watch_goes_on_afterwards()
    {
        await using var etcd = await EtcdCluster.StartAsync();
        await using var exporter = await ExporterProcess.StartAsync(etcd, "2s");
        var frozen = await etcd.FollowerAsync();
        var before = await exporter.EventuallyAsync(s => etcd.Members.All(m => Delivered(s, m) >= 2), "events come", 40);

        await frozen.FreezeAsync();
        var during = await exporter.EventuallyAsync(s => s.Failures(frozen, "watch", "timeout") >= 3, "events are overdue");

        during.Success(frozen, "watch").Should().Be(0);
        foreach (var other in etcd.Members.Where(m => m != frozen))
        {
            WatchFailures(during, other).Should().Be(WatchFailures(before, other));
            Delivered(during, other).Should().BeGreaterThan(Delivered(before, other));
        }

        await frozen.ThawAsync();
        await exporter.EventuallyAsync(s => s.Success(frozen, "watch") == 1 && Delivered(s, frozen) > Delivered(during, frozen) + 2, "events come again", 40);
    }

    [EtcdFact]
    public async Task A_watch_survives_compaction_a_killed_member_and_a_change_of_leaders()
    {
        await using var etcd = await EtcdCluster.StartAsync();
        await using var exporter = await ExporterProcess.StartAsync(etcd, "2s");
        await exporter.EventuallyAsync(s => etcd.Members.All(m => Delivered(s, m) >= 2), "events come", 40);
        var killed = await etcd.LeaderAsync();

        await killed.KillAsync();
        var down = await exporter.EventuallyAsync(s => WatchFailures(s, killed) >= 2, "its events are overdue", 40);
        down.Failures(killed, "watch", "connect").Should().BeGreaterThan(0, "the reason is why the stream is down");

        // While it is away the revisions that its watch wants next are compacted.
        var revision = await etcd.RevisionAsync();
        await etcd.EtcdctlAsync(["compact", revision.ToString(System.Globalization.CultureInfo.InvariantCulture)],
            string.Join(',', etcd.Members.Where(m => m != killed).Select(m => m.Endpoint)));
        killed.Start();

        await exporter.EventuallyAsync(
            s => etcd.Members.All(m => s.Success(m, "watch") == 1 && Delivered(s, m) > Delivered(down, m) + 2), "events come through all again", 40);
    }

    [EtcdFact]
    public async Task After_a_restore_events_come_from_the_revisions_that_are_given_again()
    {
        await using var etcd = await EtcdCluster.StartAsync();
        await using var exporter = await ExporterProcess.StartAsync(etcd);
        await using var witnessed = Witnessed.Start(exporter);
        var snapshot = await Restore.SnapshotAsync(etcd);
        for (var i = 0; i < 30; i++)
        {
            await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => etcd.EtcdctlAsync(["put", "ahead", "of the snapshot"])));
        }

        await exporter.EventuallyAsync(s => etcd.Members.All(m => Delivered(s, m) >= 2), "events come", 40);
        await Restore.RestoreAsync(etcd, snapshot);
        var restored = await exporter.EventuallyAsync(s => etcd.Members.All(m => s.State(m) == "healthy"), "all are healthy again", 40);
        var lost = await etcd.RevisionAsync();
        await exporter.EventuallyAsync(s => etcd.Members.All(m => Delivered(s, m) >= Delivered(restored, m) + 3 && s.Success(m, "watch") == 1), "events come again", 40);

        (await etcd.RevisionAsync()).Should().BeLessThan(lost + 200, "the revisions before the restore are not reached again: who waits for them gets nothing");
        etcd.Members.SelectMany(witnessed.States).Should().NotContain("watch_stalled");
    }

    private static double Delivered(Scrape scrape, EtcdMember member) =>
        scrape.Text.Value("etcd_probe_watch_delivery_seconds_count", ("etcd_endpoint", member.Endpoint)) ?? 0;

    private static double WatchFailures(Scrape scrape, EtcdMember member) => scrape.Text.Samples("etcd_probe_failures_total")
        .Where(s => s.Has(("etcd_endpoint", member.Endpoint), ("operation", "watch"))).Sum(s => s.Value);
}
