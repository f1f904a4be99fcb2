using EtcdProbeExporter.Harness;
using EtcdProbeExporter.Tests.Grpc;

namespace EtcdProbeExporter.IntegrationTests;

/// <summary>Secrets that are swapped while the exporter runs, in the unhappy orders that real rotations have.</summary>
public sealed class SecretRotationTests
{
    [EtcdFact]
    public async Task A_password_file_that_is_away_when_a_login_is_due_ends_nothing()
    {
        await using var etcd = await EtcdCluster.StartAsync();
        var follower = await etcd.FollowerAsync(); // some releases tell it to nobody without a token
        await EnableAuthAsync(etcd);
        await using var password = new ConfigurationFile("secret");
        await using var file = new ConfigurationFile($$"""
            clusters:
              - { endpoints: [{{etcd.Endpoints}}], auth: { username: prober, password_file: {{password.Path}} }, probe: { interval: 1s, timeout: 3s } }
            """);
        await using var exporter = await ExporterProcess.StartAsync(["--config.file", file.Path]);
        await HealthyAsync(exporter, etcd);

        File.Delete(password.Path);
        await follower.StopAsync(); // simple tokens live in a member's memory: after a restart a login is due
        follower.Start();
        await HealthyAsync(exporter, etcd, "with the password that was read before");
        await PageSaysAsync(exporter, "credential files cannot be used");

        password.Write("secret\n");
        await PageSaysNotAsync(exporter, "credential files cannot be used");
        await SoundAsync(exporter);
        exporter.Log.Should().NotContain("secret ");
        exporter.Log.Split('\n').Count(l => l.Contains("the old ones stay in force", StringComparison.Ordinal)).Should().Be(1, "one line, not one per login");
    }

    [EtcdFact]
    public async Task Certificates_that_are_swapped_one_file_at_a_time_are_taken_when_they_fit_and_never_before()
    {
        using var authority = new TestCertificates();
        using var stranger = new TestCertificates();
        await using var etcd = await StartTlsAsync(authority);
        var caFile = OwnCopy(authority);
        var (first, next) = (authority.Sign("client"), authority.Sign("next", notAfter: DateTimeOffset.UtcNow.AddDays(10.9)));
        await using var file = new ConfigurationFile($$"""
            clusters:
              - endpoints: [{{etcd.Members[0].Endpoint}}]
                discover: true
                tls: { ca_file: {{caFile}}, cert_file: {{first.CertFile}}, key_file: {{first.KeyFile}} }
                probe: { interval: 1s, timeout: 3s }
            """);
        await using var exporter = await ExporterProcess.StartAsync(["--config.file", file.Path]);
        await HealthyAsync(exporter, etcd);
        var (ca, failures) = (File.ReadAllText(caFile), AllFailures(await exporter.ScrapeAsync()));

        // The new certificate is there before its key; a member appears meanwhile, whose connections need credentials.
        File.Copy(next.CertFile, first.CertFile, overwrite: true);
        await PageSaysAsync(exporter, "this key does not belong to the certificate");
        await exporter.SignalAsync("HUP");
        File.Copy(next.KeyFile, first.KeyFile, overwrite: true);
        await exporter.EventuallyAsync(
            s => s.Text.Value("etcd_probe_exporter_client_certificate_not_after_timestamp_seconds") > DateTimeOffset.UtcNow.AddDays(10.5).ToUnixTimeSeconds(),
            "connections use the new pair",
            30);

        foreach (var broken in new[] { "", ca[..(ca.Length / 2)] })
        {
            File.WriteAllText(caFile, broken);
            await PageSaysAsync(exporter, broken.Length == 0 ? "holds no certificate" : "is cut off or damaged");
        }

        File.WriteAllText(caFile, ca);
        await PageSaysNotAsync(exporter, "credential files cannot be used");

        // A CA that did not sign the servers' certificates can be read, and serves nothing: the connections that work stay in use.
        File.Copy(stranger.CaFile, caFile, overwrite: true);
        await Condition.EventuallyAsync(
            () => Task.FromResult(exporter.Log.Contains("serves nothing, the old one stays in use", StringComparison.Ordinal)), TimeSpan.FromSeconds(30), "a fresh connection fails");
        File.WriteAllText(caFile, ca);

        var after = await HealthyAsync(exporter, etcd);
        AllFailures(after).Should().Be(failures, "no probe noticed: {0}", exporter.Log);
        await SoundAsync(exporter);
    }

    [EtcdFact]
    public async Task A_member_that_appears_while_the_files_cannot_be_used_is_probed_with_what_is_in_force()
    {
        using var authority = new TestCertificates();
        await using var etcd = await StartTlsAsync(authority);
        var (caFile, client) = (OwnCopy(authority), authority.Sign("client"));
        await using var file = new ConfigurationFile($$"""
            clusters:
              - endpoints: [{{etcd.Members[0].Endpoint}}]
                discover: true
                tls: { ca_file: {{caFile}}, cert_file: {{client.CertFile}}, key_file: {{client.KeyFile}} }
                probe: { interval: 1s, timeout: 3s }
            """);
        // Frozen, the first member tells no list: the others are discovered only after the files have gone.
        await etcd.Members[0].FreezeAsync();
        await using var exporter = await ExporterProcess.StartAsync(["--config.file", file.Path]);
        File.Delete(client.KeyFile);
        File.WriteAllText(caFile, "");
        await etcd.Members[0].ThawAsync();

        await HealthyAsync(exporter, etcd, "discovered without files");
        await SoundAsync(exporter);
    }

    private static double AllFailures(Scrape scrape) => scrape.Text.Samples("etcd_probe_failures_total").Sum(s => s.Value);

    private static Task<Scrape> HealthyAsync(ExporterProcess exporter, EtcdCluster etcd, string how = "") => exporter.EventuallyAsync(
        s => s.Text.Samples("etcd_probe_endpoint_configured").Count() == etcd.Members.Count && etcd.Members.All(m => s.State(m) == "healthy"), $"all are healthy {how}", 40);

    private static Task PageSaysAsync(ExporterProcess exporter, string words) => PageAsync(exporter, words, true);

    private static Task PageSaysNotAsync(ExporterProcess exporter, string words) => PageAsync(exporter, words, false);

    private static Task PageAsync(ExporterProcess exporter, string words, bool says) => Condition.EventuallyAsync(
        async () =>
        {
            using var answer = await exporter.GetAsync("/api/v1/status");
            return (await answer.Content.ReadAsStringAsync()).Contains(words, StringComparison.Ordinal) == says;
        },
        TimeSpan.FromSeconds(30),
        $"the page says{(says ? "" : " no longer")}: {words}");

    private static async Task SoundAsync(ExporterProcess exporter)
    {
        (await exporter.ScrapeAsync()).Text.Samples("etcd_probe_exporter_internal_errors_total").Sum(s => s.Value).Should().Be(0, exporter.Log);
        (await exporter.StopAsync()).Should().Be(0);
    }

    /// <summary>The members read the authority's own file.</summary>
    private static string OwnCopy(TestCertificates authority)
    {
        var copy = Path.Combine(authority.Folder, "exporter-ca.pem");
        File.Copy(authority.CaFile, copy);
        return copy;
    }

    private static async Task<EtcdCluster> StartTlsAsync(TestCertificates authority)
    {
        var server = authority.Sign("server");
        return await EtcdCluster.StartAsync(
            3, ["--cert-file", server.CertFile, "--key-file", server.KeyFile, "--trusted-ca-file", authority.CaFile, "--client-cert-auth"], "https");
    }

    private static async Task EnableAuthAsync(EtcdCluster etcd)
    {
        foreach (var command in new string[][]
        {
            ["user", "add", "root:root"], ["role", "add", "root"], ["user", "grant-role", "root", "root"],
            ["role", "add", "probe"], ["role", "grant-permission", "probe", "--prefix=true", "readwrite", "/etcd-probe/"],
            ["user", "add", "prober:secret"], ["user", "grant-role", "prober", "probe"], ["auth", "enable"],
        })
        {
            await etcd.EtcdctlAsync(command);
        }
    }
}
