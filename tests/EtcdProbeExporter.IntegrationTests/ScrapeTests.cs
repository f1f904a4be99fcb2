using EtcdProbeExporter.Harness;

namespace EtcdProbeExporter.IntegrationTests;

/// <summary>What others do with the exporter's output.</summary>
public sealed class ScrapeTests
{
    /// <summary>As it comes, Prometheus asks for OpenMetrics; with native histograms switched on, for protobuf.</summary>
    [EtcdTheory("prometheus")]
    [InlineData("application/openmetrics-text;version=1.0.0")]
    [InlineData("application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited", "--enable-feature=native-histograms")]
    public async Task A_real_Prometheus_scrapes_it_and_answers_a_quantile(string accept, params string[] arguments)
    {
        await using var etcd = await EtcdCluster.StartAsync();
        await using var exporter = await ExporterProcess.StartAsync(etcd);
        (await exporter.ContentTypeAsync(accept)).Should().StartWith(accept[..accept.IndexOf(';', StringComparison.Ordinal)]);
        await using var prometheus = await PrometheusProcess.StartAsync(exporter, arguments);

        var p99 = await Condition.EventuallyAsync(
            () => prometheus.QueryAsync("histogram_quantile(0.99, sum by (etcd_endpoint, le) (rate(etcd_probe_duration_seconds_bucket{operation=\"put\"}[30s])))"),
            values => values.Count == 3 && values.All(v => v is > 0 and < 10),
            TimeSpan.FromSeconds(40),
            "a p99 for each endpoint");

        p99.Should().HaveCount(3);
        (await prometheus.QueryAsync("up")).Should().Equal(1);
    }

    [EtcdFact("promtool")]
    public async Task Promtool_finds_nothing_wrong_with_a_live_scrape()
    {
        await using var etcd = await EtcdCluster.StartAsync(members: 1);
        await using var exporter = await ExporterProcess.StartAsync(etcd);
        using var answer = await exporter.GetAsync("/metrics");
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, await answer.Content.ReadAsStringAsync());

        var lint = await RunningProcess.RunAsync("sh", ["-c", $"promtool check metrics < {file} 2>&1"]);

        File.Delete(file);
        lint.Trim().Should().BeEmpty();
        answer.Content.Headers.ContentType!.ToString().Should().Be("text/plain; version=0.0.4; charset=utf-8");
    }

    [EtcdFact]
    public async Task Counters_exist_from_the_start_for_every_reason_and_the_endpoint_is_there_before_it_answers()
    {
        await using var exporter = await ExporterProcess.StartAsync(["--endpoints", $"127.0.0.1:{Ports.Next()}", "--probe.interval", "1s", "--probe.timeout", "1s"]);

        var scrape = await exporter.ScrapeAsync();

        scrape.Text.Value("etcd_probe_endpoint_configured", ("source", "configured")).Should().Be(1);
        scrape.Text.Samples("etcd_probe_failures_total").Should().HaveCount(5 * 17);
        scrape.Text.Samples("etcd_probe_skipped_total").Should().HaveCount((4 * 4) + 1);
        scrape.Text.Samples("etcd_probe_member_info").Should().BeEmpty("nobody has answered");
        scrape.Text.Samples("etcd_probe_last_success_timestamp_seconds").Should().BeEmpty("nothing has succeeded");
        scrape.Cluster("writable").Should().Be(0);
    }

    [EtcdFact]
    public async Task Health_and_readiness_do_not_depend_on_etcd_and_a_signal_ends_it_with_zero()
    {
        await using var exporter = await ExporterProcess.StartAsync(["--endpoints", $"127.0.0.1:{Ports.Next()}", "--probe.interval", "1s", "--probe.timeout", "1s"]);

        foreach (var path in new[] { "/", "/-/healthy", "/-/ready", "/metrics" })
        {
            using var answer = await exporter.GetAsync(path);
            ((int)answer.StatusCode).Should().Be(200, path);
        }

        using var missing = await exporter.GetAsync("/nothing");
        ((int)missing.StatusCode).Should().Be(404);
        using var posted = await exporter.PostAsync("/metrics");
        ((int)posted.StatusCode).Should().Be(405);
        (await exporter.StopAsync()).Should().Be(0);
    }

    [EtcdFact]
    public async Task Reloading_adds_a_cluster_keeps_the_counters_of_the_other_and_refuses_a_bad_file()
    {
        await using var etcd = await EtcdCluster.StartAsync(members: 1);
        var member = etcd.Members[0];
        var first = $"clusters:\n  - {{ name: a, endpoints: [{member.Endpoint}], probe: {{ interval: 1s, timeout: 2s }} }}\n";
        await using var file = new ConfigurationFile(first);
        await using var exporter = await ExporterProcess.StartAsync(["--config.file", file.Path, "--web.enable-lifecycle"]);
        double Puts(Scrape s, string cluster) => s.Text.Value(
            "etcd_probe_attempts_total", ("etcd_cluster", cluster), ("operation", "put"), ("etcd_endpoint", member.Endpoint)) ?? -1;
        await exporter.EventuallyAsync(s => Puts(s, "a") >= 3, "three puts");

        file.Write(first + $"  - {{ name: b, endpoints: [{member.Endpoint}], probe: {{ interval: 1s, timeout: 2s }} }}\n");
        using (var reloaded = await exporter.PostAsync("/-/reload"))
        {
            ((int)reloaded.StatusCode).Should().Be(200);
        }

        var both = await exporter.EventuallyAsync(s => Puts(s, "b") >= 1, "the new cluster is probed");
        Puts(both, "a").Should().BeGreaterThanOrEqualTo(3, "the other cluster went on");

        file.Write(first + "    nonsense: 1\n");
        using (var refused = await exporter.PostAsync("/-/reload"))
        {
            ((int)refused.StatusCode).Should().Be(500);
            (await refused.Content.ReadAsStringAsync()).Should().Contain("the old configuration stays in force");
        }

        (await exporter.ScrapeAsync()).Text.Value("etcd_probe_exporter_config_last_reload_successful").Should().Be(0);
        await exporter.EventuallyAsync(s => Puts(s, "b") >= 2, "the old configuration is in force");

        file.Write(first);
        await exporter.SignalAsync("HUP");
        await exporter.EventuallyAsync(
            s => Puts(s, "b") == -1 && s.Text.Value("etcd_probe_exporter_config_last_reload_successful") == 1, "the series of the removed cluster are gone");
    }
}
