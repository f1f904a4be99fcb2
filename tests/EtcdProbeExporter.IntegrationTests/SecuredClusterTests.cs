using EtcdProbeExporter.Harness;
using EtcdProbeExporter.Tests.Grpc;

namespace EtcdProbeExporter.IntegrationTests;

/// <summary>Real etcd behind TLS with client certificates, and with auth switched on.</summary>
public sealed class SecuredClusterTests
{
    [EtcdFact]
    public async Task With_a_good_pair_of_certificates_everything_works_over_tls()
    {
        using var authority = new TestCertificates();
        await using var etcd = await StartTlsAsync(authority);
        var client = authority.Sign("client");

        await using var exporter = await ExporterProcess.StartAsync(
            ["--endpoints", etcd.Endpoints, "--cacert", authority.CaFile, "--cert", client.CertFile, "--key", client.KeyFile, "--probe.interval", "1s", "--probe.timeout", "3s"]);
        var scrape = await exporter.EventuallyAsync(s => s.State(etcd.Members[0]) == "healthy", "it is healthy", 40);

        scrape.Text.Value("etcd_probe_connect_duration_seconds_count", ("phase", "tls")).Should().BeGreaterThanOrEqualTo(1);
        scrape.Text.Value("etcd_probe_tls_peer_certificate_not_after_timestamp_seconds").Should()
            .BeApproximately(DateTimeOffset.UtcNow.AddDays(10).ToUnixTimeSeconds(), 3600);
        scrape.Text.Value("etcd_probe_exporter_client_certificate_not_after_timestamp_seconds").Should()
            .BeApproximately(DateTimeOffset.UtcNow.AddDays(10).ToUnixTimeSeconds(), 3600);
    }

    [EtcdTheory]
    [InlineData("none")]
    [InlineData("stranger")]
    [InlineData("expired")]
    [InlineData("untrusted server")]
    public async Task Every_refusal_of_tls_is_told_as_tls_and_at_once(string fault)
    {
        using var authority = new TestCertificates();
        using var other = new TestCertificates();
        await using var etcd = await StartTlsAsync(authority);
        var client = fault switch
        {
            "stranger" => other.Sign("client"),
            "expired" => authority.Sign("client", notAfter: DateTimeOffset.UtcNow.AddHours(-1)),
            _ => authority.Sign("client"),
        };
        string[] pair = fault == "none" ? [] : ["--cert", client.CertFile, "--key", client.KeyFile];
        var ca = fault == "untrusted server" ? other.CaFile : authority.CaFile;

        await using var exporter = await ExporterProcess.StartAsync(
            ["--endpoints", etcd.Endpoints, "--cacert", ca, .. pair, "--probe.interval", "1s", "--probe.timeout", "3s"]);
        var member = etcd.Members[0];
        var scrape = await exporter.EventuallyAsync(s => s.Failures(member, "put", "tls") >= 3, "puts fail for tls", 40);

        scrape.State(member).Should().Be("tls_error");
        scrape.AllFailures(member).Should().Be(
            scrape.Text.Samples("etcd_probe_failures_total").Where(s => s.Has(("reason", "tls"))).Sum(s => s.Value), "nothing fails for another reason: {0}", exporter.Log);
        scrape.Skipped(member).Should().Be(0);
    }

    [EtcdFact]
    public async Task Plain_text_spoken_to_a_tls_port_is_no_success()
    {
        using var authority = new TestCertificates();
        await using var etcd = await StartTlsAsync(authority);

        await using var exporter = await ExporterProcess.StartAsync(["--endpoints", etcd.Endpoints, "--probe.interval", "1s", "--probe.timeout", "3s"]);
        var member = etcd.Members[0];
        var scrape = await exporter.EventuallyAsync(s => s.AllFailures(member) >= 8, "it fails", 40);

        scrape.Success(member, "put").Should().Be(0);
        (scrape.Failures(member, "put", "protocol") + scrape.Failures(member, "put", "unavailable")).Should().BeGreaterThan(0);
    }

    [EtcdFact]
    public async Task A_user_with_a_role_on_the_prefix_is_enough_and_survives_a_restart_of_the_member()
    {
        await using var etcd = await EtcdCluster.StartAsync();
        var restarted = await etcd.FollowerAsync(); // some releases tell it to nobody without a token
        await EnableAuthAsync(etcd);

        await using var exporter = await ExporterProcess.StartAsync(etcd, "3s", "--user", "prober:secret");
        var before = await exporter.EventuallyAsync(s => etcd.Members.All(m => s.State(m) == "healthy"), "all are healthy", 40);
        before.Cluster("has_leader").Should().Be(1);

        // Simple tokens live in the memory of the member: it must be asked for a new one.
        await restarted.StopAsync();
        restarted.Start();
        await exporter.EventuallyAsync(
            s => s.State(restarted) == "healthy" && s.Attempts(restarted, "put") > before.Attempts(restarted, "put") + 3, "healthy with a new token", 40);
    }

    [EtcdFact(EtcdRelease.StatusForRoot)]
    public async Task Where_status_is_for_root_only_probes_go_on_and_what_only_status_tells_is_absent()
    {
        await using var etcd = await EtcdCluster.StartAsync(release: EtcdRelease.StatusForRoot);
        await EnableAuthAsync(etcd);

        await using var exporter = await ExporterProcess.StartAsync(etcd, "3s", "--user", "prober:secret");
        var scrape = await exporter.EventuallyAsync(
            s => etcd.Members.All(m => s.State(m) == "healthy" && s.Attempts(m, "status") >= 3), "all are healthy without a status", 40);

        foreach (var member in etcd.Members)
        {
            scrape.Failures(member, "status", "permission_denied").Should().BeGreaterThan(0);
            scrape.Text.Value("etcd_probe_member_raft_term", ("etcd_endpoint", member.Endpoint)).Should().BeGreaterThan(1);
            scrape.Text.Value("etcd_probe_member_is_leader", ("etcd_endpoint", member.Endpoint)).Should().BeNull();
        }

        scrape.Cluster("has_leader").Should().BeNull("nobody told");
        scrape.Cluster("writable").Should().Be(1);
        scrape.Cluster("cluster_ids").Should().Be(1);
        scrape.Cluster("failure_tolerance").Should().Be(1);
        scrape.Verdict.Should().Be("none");
        scrape.Violations.Should().Be(0);
        exporter.Log.Split('\n').Count(l => l.Contains("status through", StringComparison.Ordinal)).Should().Be(3, "once per endpoint, not once per probe");

        var (code, output, _) = await ExporterProcess.RunAsync(["check", "--endpoints", etcd.Endpoints, "--user", "prober:secret"]);
        code.Should().Be(0, output);
        output.Should().Contain("withholds its status");
    }

    [EtcdTheory]
    [InlineData("", "unauthenticated")]
    [InlineData("prober:wrong", "unauthenticated")]
    [InlineData("nobody:secret", "permission_denied")]
    public async Task Without_the_right_to_write_the_endpoint_is_unauthorized(string user, string reason)
    {
        await using var etcd = await EtcdCluster.StartAsync(members: 1);
        await EnableAuthAsync(etcd);
        string[] login = user.Length == 0 ? [] : ["--user", user];

        await using var exporter = await ExporterProcess.StartAsync(etcd, "3s", login);
        var scrape = await exporter.EventuallyAsync(s => s.Failures(etcd.Members[0], "put", reason) >= 1, $"puts fail for {reason}", 40);

        scrape.State(etcd.Members[0]).Should().Be("unauthorized");
        exporter.Log.Should().NotContain("secret").And.NotContain("wrong");
    }

    /// <summary>A login is a raft entry: without a quorum it hangs. The member behind it lives all the same.</summary>
    [EtcdFact]
    public async Task A_member_that_has_lost_its_quorum_is_not_called_silent_where_nobody_can_log_in()
    {
        await using var etcd = await EtcdCluster.StartAsync();
        await EnableAuthAsync(etcd);
        var survivor = etcd.Members[0];
        await Task.WhenAll(etcd.Members.Skip(1).Select(m => m.KillAsync()));

        await using var exporter = await ExporterProcess.StartAsync(etcd, "2s", "--user", "prober:secret");
        await exporter.EventuallyAsync(
            s => s.Failures(survivor, "put", "timeout") >= 2 && s.Attempts(survivor, "status") >= 3 && etcd.Members.Skip(1).All(m => s.State(m) == "unreachable"), "writes hang", 40);

        // Releases that give their status to a login only leave open why nothing is written.
        (await exporter.EventuallyAsync(s => s.State(survivor) is "no_leader" or "write_stalled", "it is known to answer", 20)).Cluster("writable").Should().Be(0);
    }

    private static async Task<EtcdCluster> StartTlsAsync(TestCertificates authority)
    {
        var server = authority.Sign("server");
        return await EtcdCluster.StartAsync(
            members: 1,
            ["--cert-file", server.CertFile, "--key-file", server.KeyFile, "--trusted-ca-file", authority.CaFile, "--client-cert-auth"],
            "https");
    }

    private static async Task EnableAuthAsync(EtcdCluster etcd)
    {
        foreach (var command in new string[][]
        {
            ["user", "add", "root:root"],
            ["role", "add", "root"],
            ["user", "grant-role", "root", "root"],
            ["role", "add", "probe"],
            ["role", "grant-permission", "probe", "--prefix=true", "readwrite", "/etcd-probe/"],
            ["user", "add", "prober:secret"],
            ["user", "grant-role", "prober", "probe"],
            ["user", "add", "nobody:secret"],
            ["auth", "enable"],
        })
        {
            await etcd.EtcdctlAsync(command);
        }
    }
}
