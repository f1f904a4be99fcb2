using System.Text.RegularExpressions;
using EtcdProbeExporter.Harness;
using EtcdProbeExporter.Tests.Grafana;
using EtcdProbeExporter.Tests.Rules;

namespace EtcdProbeExporter.IntegrationTests;

/// <summary>Every query of every dashboard, asked of a real Prometheus that has seen a real fault.</summary>
public sealed class DashboardQueryTests
{
    /// <summary>Panels that may be empty here, and why.</summary>
    private static readonly Dictionary<string, string> MayBeEmpty = new()
    {
        ["Certificates: time left"] = "the members speak plain text",
    };

    [EtcdFact("prometheus")]
    public async Task Every_query_answers_and_shows_the_fault()
    {
        await using var etcd = await EtcdCluster.StartAsync();
        await using var exporter = await ExporterProcess.StartAsync(etcd, "2s");
        await using var prometheus = await PrometheusProcess.StartAsync($$"""
            global: { scrape_interval: 1s, scrape_timeout: 1s }
            scrape_configs:
              - job_name: etcd-probe-exporter
                static_configs: [{ targets: ['127.0.0.1:{{exporter.Port}}'] }]
              - job_name: etcd
                http_sd_configs: [{ url: 'http://127.0.0.1:{{exporter.Port}}/sd/etcd', refresh_interval: 1s }]
            """);
        await Condition.EventuallyAsync(
            () => prometheus.QueryAsync("count_over_time(etcd_server_has_leader[1m]) > 10"), members => members.Count == 3, TimeSpan.FromSeconds(60), "samples of all members");
        var frozen = await etcd.LeaderAsync();
        await frozen.FreezeAsync();
        await Condition.EventuallyAsync(
            () => prometheus.QueryAsync("increase(etcd_probe_cluster_leader_changes_total[1m]) > 0 and on () etcd_probe_endpoint_state{state=\"unresponsive\"} == 1"),
            values => values.Count > 0,
            TimeSpan.FromSeconds(40),
            "Prometheus has seen the election");
        await frozen.ThawAsync();
        await exporter.EventuallyAsync(s => etcd.Members.All(m => s.State(m) == "healthy"), "all are healthy again", 40);
        await Condition.EventuallyAsync(
            () => prometheus.QueryAsync("min_over_time(etcd_probe_cluster_members_healthy[5s])"), values => values is [3], TimeSpan.FromSeconds(40), "Prometheus has seen that");

        var problems = new List<string>();
        foreach (var dashboard in Dashboards.All)
        {
            foreach (var (panel, type, expression) in dashboard.Queries)
            {
                await AskAsync($"{dashboard.File} {panel}", panel, expression, type is "stat" or "table");
            }

            foreach (var query in dashboard.AnnotationQueries)
            {
                await AskAsync($"{dashboard.File} annotation", "annotation", query, instant: false);
            }

            foreach (var variable in dashboard.Variables.Where(v => v.GetProperty("type").GetString() == "query"))
            {
                var parts = Regex.Match(variable.GetProperty("definition").GetString()!, @"^label_values\((.+), (\w+)\)$");
                await AskAsync($"{dashboard.File} ${variable.GetProperty("name").GetString()}", "variable", $"count by ({parts.Groups[2].Value}) ({parts.Groups[1].Value})", instant: true);
            }
        }

        var ofEtcd = RuleFiles.All().SelectMany(r => Regex.Matches(r.Expression, @"\betcd_(?:disk|server|network|mvcc)_\w+").Select(m => m.Value)).Distinct().ToList();
        ofEtcd.Should().HaveCountGreaterThan(6);
        foreach (var metric in ofEtcd)
        {
            await AskAsync("rules", "rules", metric, instant: true);
        }

        problems.Should().BeEmpty();

        async Task AskAsync(string where, string panel, string expression, bool instant)
        {
            var query = Regex.Replace(expression.Replace("$__rate_interval", "15s", StringComparison.Ordinal), @"\$(job|instance|etcd_cluster|endpoint)\b", ".*");
            var (error, series) = await prometheus.AskAsync(query, instant);
            if (error is not null)
            {
                problems.Add($"{where}: {error}: {query}");
            }
            else if (series == 0 && !MayBeEmpty.ContainsKey(panel))
            {
                problems.Add($"{where}: no data: {query}");
            }
        }
    }
}
