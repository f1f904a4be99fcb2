using EtcdProbeExporter.Harness;

namespace EtcdProbeExporter.IntegrationTests;

/// <summary>A probed cluster goes from release to release, member by member, and back: nothing is wrong all the while.</summary>
[Trait("NeedsEtcd", "no")] // it names its releases: once is enough
public sealed class UpgradeTests
{
    // 3.7 cannot read what a log of 3.5 holds: a snapshot must have been taken since, and is after so many entries.
    private static readonly string[] SnapshotSoon = ["--snapshot-count=20"];

    [EtcdFact("3.6", "3.7")]
    public async Task From_3_5_to_3_7_and_back_to_3_6()
    {
        await using var etcd = await EtcdCluster.StartAsync(arguments: SnapshotSoon, release: "3.5");
        await using var exporter = await ExporterProcess.StartAsync(etcd);
        await HealthyAsync(exporter, etcd, "3.5", null);
        await using var witnessed = Witnessed.Start(exporter);

        await RollAsync(exporter, etcd, "3.6");
        await HealthyAsync(exporter, etcd, "3.6", "3.6");
        await SomeEntriesAsync(exporter, etcd);
        await RollAsync(exporter, etcd, "3.7");
        await HealthyAsync(exporter, etcd, "3.7", "3.7");

        await RunningProcess.RunAsync(EtcdRelease.Of("3.7").Etcdctl, ["--endpoints", etcd.Endpoints, "downgrade", "enable", "3.6"]);
        await exporter.EventuallyAsync(
            s => s.Text.Samples("etcd_probe_member_downgrade_info").Count(d => d.Labels["target_version"].StartsWith("3.6", StringComparison.Ordinal)) == 3,
            "every member tells of the downgrade",
            40);
        using var page = await exporter.GetAsync("/");
        (await page.Content.ReadAsStringAsync()).Should().Contain("a downgrade to etcd 3.6.0 is under way");
        await HealthyAsync(exporter, etcd, "3.7", "3.6");
        await RollAsync(exporter, etcd, "3.6");
        var after = await HealthyAsync(exporter, etcd, "3.6", "3.6");
        await exporter.EventuallyAsync(s => !s.Text.Samples("etcd_probe_member_downgrade_info").Any(), "the downgrade is over", 60);

        after.Violations.Should().Be(0, exporter.Log);
        after.Text.Samples("etcd_probe_member_db_quota_bytes").Should().HaveCount(3).And.OnlyContain(s => s.Value > 0);
        witnessed.Verdicts.Should().BeSubsetOf(["none", "stale_leader"]);
    }

    /// <summary>One member after the other, each when all are healthy.</summary>
    private static async Task RollAsync(ExporterProcess exporter, EtcdCluster etcd, string release)
    {
        foreach (var member in etcd.Members)
        {
            await member.StopAsync();
            member.Release = EtcdRelease.Of(release);
            member.Start();
            await exporter.EventuallyAsync(
                s => VersionOf(s, member).StartsWith(release, StringComparison.Ordinal) && etcd.Members.All(m => s.State(m) == "healthy"),
                $"{member.Name} is back on {release}",
                60);
        }
    }

    private static async Task SomeEntriesAsync(ExporterProcess exporter, EtcdCluster etcd)
    {
        var before = await exporter.ScrapeAsync();
        await exporter.EventuallyAsync(
            s => etcd.Members.All(m => s.Text.Value("etcd_probe_member_raft_index", ("etcd_endpoint", m.Endpoint))
                > before.Text.Value("etcd_probe_member_raft_index", ("etcd_endpoint", m.Endpoint)) + 60),
            "enough entries for snapshots",
            120);
    }

    /// <summary>All are healthy, run this release, and have this layout of the database; null: it is not told.</summary>
    private static Task<Scrape> HealthyAsync(ExporterProcess exporter, EtcdCluster etcd, string release, string? storage) => exporter.EventuallyAsync(
        s => etcd.Members.All(m => s.State(m) == "healthy" && VersionOf(s, m).StartsWith(release, StringComparison.Ordinal))
            && s.Cluster("failure_tolerance") == 1
            && (storage is null ? !s.Text.Samples("etcd_probe_member_storage_info").Any()
                : s.Text.Samples("etcd_probe_member_storage_info").Count(i => i.Labels["storage_version"].StartsWith(storage, StringComparison.Ordinal)) == 3),
        $"all run {release} with storage {storage}",
        60);

    private static string VersionOf(Scrape scrape, EtcdMember member) =>
        scrape.Text.Samples("etcd_probe_member_info").FirstOrDefault(s => s.Has(("etcd_endpoint", member.Endpoint)))?.Labels["version"] ?? "";
}
