using System.Globalization;
using EtcdProbeExporter.Harness;

namespace EtcdProbeExporter.IntegrationTests;

/// <summary>What speaks etcd's API and is no member: recognised, measured, and never judged as one.</summary>
public sealed class OtherServersTests
{
    private static readonly string[] OfMembers =
    [
        "etcd_probe_cluster_leader_info", "etcd_probe_cluster_has_leader", "etcd_probe_cluster_leaders_claimed", "etcd_probe_cluster_leader_changes_total",
        "etcd_probe_cluster_raft_term", "etcd_probe_cluster_split_brain", "etcd_probe_cluster_members", "etcd_probe_cluster_members_healthy",
        "etcd_probe_cluster_failure_tolerance", "etcd_probe_cluster_quorum_size", "etcd_probe_cluster_member_mismatch", "etcd_probe_consistency_violations_total",
        "etcd_probe_member_info", "etcd_probe_member_raft_term", "etcd_probe_member_is_leader", "etcd_probe_member_term_changes_total",
    ];

    [EtcdFact]
    public async Task A_gRPC_proxy_is_measured_and_not_judged()
    {
        await using var etcd = await EtcdCluster.StartAsync();
        await using var proxy = GrpcProxy(etcd, out var endpoint);
        await using var exporter = await StartAsync(endpoint);

        var scrape = await AllServedAsync(exporter, endpoint, ["put", "get", "get_local", "status", "watch"]);

        Kind(scrape, endpoint).Should().Be("proxy");
        Judged(scrape).Should().BeEmpty();
        scrape.Cluster("writable").Should().Be(1);
        await SaysAsync(exporter, endpoint, "is no member but a gRPC proxy");

        // A proxy calls a watch created before it has asked a member for it: an event of that moment never comes.
        exporter.Log.Should().NotContain("level=error");
        exporter.Log.Split('\n').Where(l => l.Contains("level=warn", StringComparison.Ordinal) && !l.Contains("watch through", StringComparison.Ordinal)).Should().BeEmpty();
    }

    [EtcdFact]
    public async Task Beside_members_a_proxy_changes_nothing_that_is_said_of_them()
    {
        await using var etcd = await EtcdCluster.StartAsync();
        await using var proxy = GrpcProxy(etcd, out var endpoint);
        await using var exporter = await StartAsync($"{etcd.Endpoints},{endpoint}");
        await using var witnessed = Witnessed.Start(exporter);

        var scrape = await AllServedAsync(exporter, endpoint, ["put", "get", "get_local", "status"]);

        etcd.Members.Select(m => Kind(scrape, m.Endpoint)).Should().AllBe("member");
        Kind(scrape, endpoint).Should().Be("proxy");
        scrape.Cluster("failure_tolerance").Should().Be(1);
        scrape.Cluster("members_healthy").Should().Be(3);
        scrape.Cluster("member_list_views").Should().Be(1);
        scrape.Text.Samples("etcd_probe_cluster_member_mismatch").Should().OnlyContain(s => s.Value == 0);
        scrape.Violations.Should().Be(0);
        witnessed.Verdicts.Should().BeEquivalentTo(["none"]);
        scrape.Text.Samples("etcd_probe_member_info").Should().HaveCount(3);
    }

    [EtcdFact]
    public async Task A_gateways_answers_count_for_the_member_that_gave_them()
    {
        await using var etcd = await EtcdCluster.StartAsync();
        var endpoint = Local(Ports.Next());
        await using var gateway = RunningProcess.Start(
            etcd.Release.Etcd, ["gateway", "start", "--endpoints", etcd.Endpoints, "--listen-addr", endpoint]);
        await using var exporter = await StartAsync($"{etcd.Endpoints},{endpoint}");
        await using var witnessed = Witnessed.Start(exporter);

        var scrape = await exporter.EventuallyAsync(s => s.State(endpoint) == "healthy" && Kind(s, endpoint) == "gateway", "it is recognised", 40);
        scrape = await AllServedAsync(exporter, endpoint, ["put", "get", "get_local", "status"]);

        scrape.Cluster("failure_tolerance").Should().Be(1);
        scrape.Text.Samples("etcd_probe_cluster_member_mismatch").Should().OnlyContain(s => s.Value == 0);
        scrape.Text.Samples("etcd_probe_member_info").Single(s => s.Has(("etcd_endpoint", endpoint))).Labels["member_name"].Should().BeOneOf("m0", "m1", "m2");
        witnessed.Verdicts.Should().BeEquivalentTo(["none"]);
        await SaysAsync(exporter, endpoint, "is a TCP gateway or load balancer");

        await gateway.SignalAsync("KILL");
        var without = await exporter.EventuallyAsync(s => s.State(endpoint) == "unreachable", "the gateway is gone", 40);
        without.Cluster("failure_tolerance").Should().Be(1, "no member went with it");
    }

    [EtcdFact(EtcdRelease.Kine)]
    public async Task Kine_is_measured_and_accused_of_nothing()
    {
        var folder = Directory.CreateTempSubdirectory("etcd-probe-kine-");
        try
        {
            var endpoint = Local(Ports.Next());
            await using var kine = RunningProcess.Start(
                EtcdRelease.KineProgram!,
                ["--endpoint", $"sqlite://{folder.FullName}/state.db?_journal=WAL&cache=shared", "--listen-address", endpoint, "--metrics-bind-address", "0"]);
            await Condition.EventuallyAsync(() => Task.FromResult(kine.Errors.Contains("available at", StringComparison.Ordinal)), TimeSpan.FromSeconds(30), "kine serves");
            await using var exporter = await StartAsync(endpoint);

            var scrape = await AllServedAsync(exporter, endpoint, ["put", "get", "status", "watch"]);

            Kind(scrape, endpoint).Should().Be("compatible");
            Judged(scrape).Should().BeEmpty();
            scrape.Cluster("writable").Should().Be(1);
            await SaysAsync(exporter, endpoint, "is no member of etcd but a server that speaks its API");
            exporter.Log.Should().NotContain("level=warn").And.NotContain("level=error");

            var (exitCode, output, errors) = await ExporterProcess.RunAsync(["check", "--endpoints", endpoint]);
            exitCode.Should().Be(0, output + errors);
            output.Should().Contain("healthy").And.Contain("speaks its API").And.NotContain("leader ").And.NotContain("split brain");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static RunningProcess GrpcProxy(EtcdCluster etcd, out string endpoint)
    {
        endpoint = Local(Ports.Next());
        return RunningProcess.Start(
            etcd.Release.Etcd,
            ["grpc-proxy", "start", "--endpoints", etcd.Endpoints, "--listen-addr", endpoint, "--advertise-client-url", endpoint]);
    }

    private static string Local(int port) => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");

    private static Task<ExporterProcess> StartAsync(string endpoints) =>
        ExporterProcess.StartAsync(["--endpoints", endpoints, "--probe.interval", "500ms", "--probe.timeout", "3s"]);

    /// <summary>Ten rounds in which everything through the endpoint succeeds.</summary>
    private static async Task<Scrape> AllServedAsync(ExporterProcess exporter, string endpoint, string[] operations)
    {
        var before = await exporter.EventuallyAsync(
            s => s.State(endpoint) == "healthy" && operations.All(o => Attempts(s, endpoint, o) >= 1 && Success(s, endpoint, o) == 1), "it is healthy, and everything has been served once", 40);
        var after = await exporter.EventuallyAsync(
            s => operations.All(o => Attempts(s, endpoint, o) >= Attempts(before, endpoint, o) + 10), "ten more rounds", 40);
        foreach (var operation in operations)
        {
            Success(after, endpoint, operation).Should().Be(1, $"{operation}\n{exporter.Log}");
            Failures(after, endpoint, operation).Should().Be(Failures(before, endpoint, operation), $"{operation}\n{exporter.Log}");
        }

        after.State(endpoint).Should().Be("healthy");
        return after;
    }

    private static double? Success(Scrape scrape, string endpoint, string operation) =>
        scrape.Text.Value("etcd_probe_success", ("etcd_endpoint", endpoint), ("operation", operation));

    private static double Attempts(Scrape scrape, string endpoint, string operation) =>
        scrape.Text.Value("etcd_probe_attempts_total", ("etcd_endpoint", endpoint), ("operation", operation)) ?? double.NaN;

    private static double Failures(Scrape scrape, string endpoint, string operation) => scrape.Text.Samples("etcd_probe_failures_total")
        .Where(s => s.Has(("etcd_endpoint", endpoint), ("operation", operation))).Sum(s => s.Value);

    private static string? Kind(Scrape scrape, string endpoint) =>
        scrape.Text.Samples("etcd_probe_endpoint_info").SingleOrDefault(s => s.Has(("etcd_endpoint", endpoint)) && s.Value == 1)?.Labels["kind"];

    private static IEnumerable<string> Judged(Scrape scrape) => OfMembers.Where(name => scrape.Text.Samples(name).Any());

    /// <summary>In one log line, and on the page.</summary>
    private static async Task SaysAsync(ExporterProcess exporter, string endpoint, string words)
    {
        exporter.Log.Split('\n').Count(l => l.Contains(words, StringComparison.Ordinal) && l.Contains(endpoint, StringComparison.Ordinal)).Should().Be(1, exporter.Log);
        using var page = await exporter.GetAsync("/");
        (await page.Content.ReadAsStringAsync()).Should().Contain(words);
    }
}
