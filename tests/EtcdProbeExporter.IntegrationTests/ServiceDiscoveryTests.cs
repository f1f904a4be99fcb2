using EtcdProbeExporter.Harness;
using EtcdProbeExporter.Tests;
using EtcdProbeExporter.Tests.Grpc;

namespace EtcdProbeExporter.IntegrationTests;

/// <summary>etcd's own metrics, by way of the exporter.</summary>
public sealed class ServiceDiscoveryTests
{
    [EtcdFact("prometheus")]
    public async Task Prometheus_gets_the_metrics_of_an_mtls_cluster_with_the_exporters_certificate()
    {
        using var authority = new TestCertificates();
        var server = authority.Sign("server");
        await using var etcd = await EtcdCluster.StartAsync(
            members: 3,
            ["--cert-file", server.CertFile, "--key-file", server.KeyFile, "--trusted-ca-file", authority.CaFile, "--client-cert-auth"],
            "https");
        var client = authority.Sign("client");
        await using var exporter = await ExporterProcess.StartAsync(
        [
            "--endpoints", etcd.Endpoints, "--cacert", authority.CaFile, "--cert", client.CertFile, "--key", client.KeyFile,
            "--probe.interval", "1s", "--probe.timeout", "3s",
        ]);
        await exporter.EventuallyAsync(s => etcd.Members.All(m => s.State(m) == "healthy"), "all are healthy", 40);

        await using var prometheus = await PrometheusProcess.StartAsync($$"""
            global: { scrape_interval: 1s, scrape_timeout: 1s }
            scrape_configs:
              - job_name: etcd
                http_sd_configs: [{ url: "http://127.0.0.1:{{exporter.Port}}/sd/etcd", refresh_interval: 1s }]
            """);
        var found = await Condition.EventuallyAsync(
            () => prometheus.QueryAsync("count by (etcd_cluster, etcd_member, etcd_endpoint, instance) (etcd_disk_wal_fsync_duration_seconds_count > 0)"),
            values => values.Count == 3,
            TimeSpan.FromSeconds(30),
            "the fsyncs of three members");

        found.Should().Equal(1, 1, 1);
        (await prometheus.QueryAsync("count(count by (etcd_member) (etcd_server_has_leader{etcd_cluster=\"default\",etcd_member=~\"m[012]\"}))")).Should().Equal(3);
    }

    [EtcdFact]
    public async Task A_member_that_is_dead_is_told_as_such()
    {
        await using var etcd = await EtcdCluster.StartAsync(members: 1);
        await using var exporter = await ExporterProcess.StartAsync(etcd);
        var path = $"/etcd/metrics?cluster=default&endpoint={etcd.Members[0].Endpoint}";
        using (var good = await exporter.GetAsync(path))
        {
            ((int)good.StatusCode).Should().Be(200);
            (await good.Content.ReadAsStringAsync()).Should().Contain("etcd_disk_wal_fsync_duration_seconds_bucket");
        }

        await etcd.Members[0].KillAsync();

        using var bad = await exporter.GetAsync(path);
        ((int)bad.StatusCode).Should().Be(502);
        (await bad.Content.ReadAsStringAsync()).Should().Contain("cannot be asked for its metrics: Connection refused");
    }

    [EtcdFact("promtool")]
    public async Task The_example_configuration_is_one() => await RunningProcess.RunAsync(
        "promtool", ["check", "config", "--syntax-only", Path.Combine(Repository.Root, "deploy/prometheus/prometheus.yml")]);
}
