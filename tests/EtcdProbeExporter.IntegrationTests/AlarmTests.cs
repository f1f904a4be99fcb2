using System.Globalization;
using EtcdProbeExporter.Harness;

namespace EtcdProbeExporter.IntegrationTests;

/// <summary>etcd's two alarms: both stop all writes, neither stops reads, and both are told by the member they name.</summary>
public sealed class AlarmTests
{
    [EtcdFact]
    public async Task A_full_database_is_no_space_until_it_is_freed_and_disarmed()
    {
        await using var etcd = await EtcdCluster.StartAsync(arguments: ["--quota-backend-bytes", "20971520"]);
        await using var exporter = await ExporterProcess.StartAsync(etcd);
        await using var witnessed = Witnessed.Start(exporter);
        await exporter.EventuallyAsync(s => etcd.Members.All(m => s.State(m) == "healthy"), "all are healthy");

        await FillAsync(etcd);
        var during = await exporter.EventuallyAsync(
            s => etcd.Members.All(m => s.State(m) == "no_space" && s.Failures(m, "put", "no_space") >= 1) && s.Cluster("writable") == 0, "nobody takes writes", 40);

        during.Text.Samples("etcd_probe_member_alarm").Should().NotBeEmpty().And.OnlyContain(s => s.Labels["alarm"] == "NOSPACE");
        during.Text.Samples("etcd_probe_member_alarm").Select(s => s.Labels["alarm_member_id"]).Should()
            .BeSubsetOf(during.Text.Samples("etcd_probe_member_info").Select(s => s.Labels["member_id"]));
        etcd.Members.Should().OnlyContain(m => during.Success(m, "get") == 1 && during.Success(m, "get_local") == 1, "reads go on");
        during.Cluster("success", ("operation", "get")).Should().Be(1);

        var held = await exporter.EventuallyAsync(
            s => etcd.Members.All(m => s.Text.Value("etcd_probe_skipped_total", ("etcd_endpoint", m.Endpoint), ("operation", "put"), ("reason", "alarm")) >= 2), "writes are held back");
        held.ClusterFailures("get").Should().Be(0);

        await etcd.EtcdctlAsync(["compact", (await etcd.RevisionAsync()).ToString(CultureInfo.InvariantCulture)]);
        foreach (var member in etcd.Members)
        {
            await etcd.EtcdctlAsync(["defrag"], member.Endpoint);
        }

        await etcd.EtcdctlAsync(["alarm", "disarm"]);
        var after = await exporter.EventuallyAsync(s => etcd.Members.All(m => s.State(m) == "healthy") && s.Cluster("writable") == 1, "all are healthy again", 40);
        after.Text.Samples("etcd_probe_member_alarm").Should().BeEmpty();
        after.Violations.Should().Be(0);
        witnessed.Verdicts.Should().Equal("none");
    }

    [EtcdFact]
    public async Task A_corrupt_alarm_names_its_member_until_it_is_disarmed()
    {
        await using var etcd = await EtcdCluster.StartAsync();
        await using var exporter = await ExporterProcess.StartAsync(etcd);
        var before = await exporter.EventuallyAsync(s => etcd.Members.All(m => s.State(m) == "healthy"), "all are healthy");
        var id = before.Text.Samples("etcd_probe_member_info").Single(s => s.Has(("etcd_endpoint", etcd.Members[1].Endpoint))).Labels["member_id"];

        // etcdctl can list and disarm alarms, and raise none.
        using var http = new HttpClient();
        using var body = new StringContent($$"""{"action":"ACTIVATE","memberID":"{{ulong.Parse(id, NumberStyles.HexNumber, CultureInfo.InvariantCulture)}}","alarm":"CORRUPT"}""");
        (await http.PostAsync(new Uri($"http://{etcd.Members[0].Endpoint}/v3/maintenance/alarm"), body)).EnsureSuccessStatusCode();
        var during = await exporter.EventuallyAsync(s => etcd.Members.All(m => s.State(m) == "corrupt") && s.Cluster("writable") == 0, "everybody tells of it", 40);

        during.Text.Samples("etcd_probe_member_alarm").Should().OnlyContain(s => s.Labels["alarm"] == "CORRUPT" && s.Labels["alarm_member_id"] == id);
        etcd.Members.Should().OnlyContain(m => during.Success(m, "get_local") == 1);

        await etcd.EtcdctlAsync(["alarm", "disarm"]);
        var after = await exporter.EventuallyAsync(s => etcd.Members.All(m => s.State(m) == "healthy") && s.Cluster("writable") == 1, "all are healthy again", 40);
        (after.Verdict, after.Violations).Should().Be(("none", 0));
    }

    private static async Task FillAsync(EtcdCluster etcd)
    {
        var large = new string('x', 100_000);
        await Condition.EventuallyAsync(
            async () =>
            {
                try
                {
                    await etcd.EtcdctlAsync(["put", "filler", large]);
                    return false;
                }
                catch (InvalidOperationException e) when (e.Message.Contains("database space exceeded", StringComparison.Ordinal))
                {
                    return true;
                }
            },
            TimeSpan.FromSeconds(90),
            "the quota is reached");
    }
}
