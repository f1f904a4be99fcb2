using System.Globalization;
using EtcdProbeExporter.Harness;
using EtcdProbeExporter.Supervision;
using EtcdProbeExporter.Tests.Grpc;
using EtcdProbeExporter.Tests.Metrics;

namespace EtcdProbeExporter.IntegrationTests;

/// <summary>The program as it is shipped: nothing can be written, nobody is root, and etcd is ill.</summary>
public sealed class ShippedProgramTests
{
    [EtcdFact("unshare", "setpriv", "chroot")]
    public async Task A_whole_incident_on_a_read_only_root_ends_nothing_and_shows_everything()
    {
        using var authority = new TestCertificates();
        await using var etcd = await StartTlsAsync(authority);
        await using var container = await ShippedContainer.CreateAsync();
        Install(container, authority, etcd.Members.Select(m => m.Endpoint).Append($"127.0.0.1:{Ports.Next()}"));
        var port = Ports.Next();
        await using var exporter = container.Start(["--config.file", "/config/clusters.yml", "--web.listen-address", Listen(port)]);
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromSeconds(5) };
        var members = etcd.Members;

        await EventuallyAsync(["healthy", "healthy", "healthy"], "all are healthy");
        await members[2].KillAsync();
        await EventuallyAsync(["healthy", "healthy", "unreachable"], "one refuses connections");
        members[2].Start();
        await EventuallyAsync(["healthy", "healthy", "healthy"], "it is back");
        await members[1].FreezeAsync();
        await EventuallyAsync(["healthy", "unresponsive", "healthy"], "one is frozen");
        await members[1].ThawAsync();
        await EventuallyAsync(["healthy", "healthy", "healthy"], "it is thawed");
        await using (await members[0].DelayLogSyncAsync(TimeSpan.FromSeconds(60)))
        {
            await EventuallyAsync(["write_stalled", "healthy", "healthy"], "one hangs in its log");
        }

        var last = await EventuallyAsync(["healthy", "healthy", "healthy"], "all have recovered");
        last.Text.Samples("etcd_probe_exporter_internal_errors_total").Should().HaveCount(ExporterParts.All.Count).And.OnlyContain(s => s.Value == 0);
        (await container.RunAsync(["healthcheck", "--web.listen-address", Listen(port)])).ExitCode.Should().Be(0);
        exporter.HasExited.Should().BeFalse(exporter.Errors);
        await exporter.SignalAsync("TERM");
        await exporter.WaitAsync(TimeSpan.FromSeconds(15));
        exporter.ExitCode.Should().Be(0, exporter.Errors);

        Task<Scrape> EventuallyAsync(string[] states, string what) => Condition.EventuallyAsync(
            () => ScrapeAsync(exporter, http), s => s.Series.Any() && members.Zip(states).All(p => s.State(p.First) == p.Second), TimeSpan.FromSeconds(60), $"{what}\n{exporter.Errors}");
    }

    [EtcdFact("unshare", "setpriv", "chroot", "strace")]
    public async Task No_verb_opens_any_file_for_writing_whatever_it_meets()
    {
        using var authority = new TestCertificates();
        await using var etcd = await StartTlsAsync(authority);
        await using var container = await ShippedContainer.CreateAsync();
        Install(container, authority, etcd.Members.Select(m => m.Endpoint).Append($"127.0.0.1:{Ports.Next()}"));
        await etcd.Members[1].FreezeAsync();
        var port = Ports.Next();
        var traces = Directory.CreateTempSubdirectory("etcd-probe-trace-");
        try
        {
            string TraceOf(string verb) => Path.Combine(traces.FullName, verb);

            await using var run = container.Start(["--config.file", "/config/clusters.yml", "--web.listen-address", Listen(port)], TraceOf("run"));
            try
            {
                using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
                await Condition.EventuallyAsync(
                    () => ScrapeAsync(run, http),
                    s => s.Series.Any() && s.State(etcd.Members[0]) == "healthy" && s.State(etcd.Members[1]) == "unresponsive",
                    TimeSpan.FromSeconds(60),
                    "the frozen member is seen");
                (await container.RunAsync(["healthcheck", "--web.listen-address", Listen(port)], TraceOf("healthcheck"))).ExitCode.Should().Be(0);
                (await container.RunAsync(["check-config", "--config.file", "/config/clusters.yml"], TraceOf("check-config"))).ExitCode.Should().Be(0);
                var check = await container.RunAsync(["check", "--config.file", "/config/clusters.yml"], TraceOf("check"));
                check.ExitCode.Should().Be(1, check.Errors);
                check.Output.Should().Contain("unresponsive").And.Contain("unreachable").And.NotContain("   at ", "no stack trace");
            }
            finally
            {
                await ShippedContainer.StopTracedAsync(run); // the tracer's own end would leave the program running
            }

            run.ExitCode.Should().Be(0, run.Errors);
            foreach (var verb in new[] { "check-config", "check", "run", "healthcheck" })
            {
                (await FileTrace.ChangesAsync(TraceOf(verb))).Should().BeEmpty(verb);
            }
        }
        finally
        {
            traces.Delete(recursive: true);
        }
    }

    private static async Task<Scrape> ScrapeAsync(RunningProcess exporter, HttpClient http)
    {
        exporter.HasExited.Should().BeFalse(exporter.Errors);
        try
        {
            return new Scrape(ExpositionText.Parse(await http.GetStringAsync("/metrics")));
        }
        catch (HttpRequestException)
        {
            return new Scrape(ExpositionText.Parse("")); // not listening yet
        }
    }

    private static async Task<EtcdCluster> StartTlsAsync(TestCertificates authority)
    {
        var server = authority.Sign("server");
        return await EtcdCluster.StartAsync(
            3, ["--cert-file", server.CertFile, "--key-file", server.KeyFile, "--trusted-ca-file", authority.CaFile, "--client-cert-auth"], "https");
    }

    private static string Listen(int port) => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");

    /// <summary>Files under the names that the manifest mounts.</summary>
    private static void Install(ShippedContainer container, TestCertificates authority, IEnumerable<string> endpoints)
    {
        var client = authority.Sign("client");
        File.Copy(authority.CaFile, Path.Combine(container.Secrets, "ca.crt"));
        File.Copy(client.CertFile, Path.Combine(container.Secrets, "tls.crt"));
        File.Copy(client.KeyFile, Path.Combine(container.Secrets, "tls.key"));
        File.WriteAllText(Path.Combine(container.Config, "clusters.yml"), $$"""
            clusters:
              - name: prod
                endpoints: [{{string.Join(", ", endpoints.Select(e => "https://" + e))}}]
                tls: { ca_file: /tls/ca.crt, cert_file: /tls/tls.crt, key_file: /tls/tls.key }
                probe: { interval: 1s, timeout: 2s }
            """);
    }
}
