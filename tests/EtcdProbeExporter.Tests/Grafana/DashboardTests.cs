using System.Text.Json;
using System.Text.RegularExpressions;
using EtcdProbeExporter.Instrumentation;
using EtcdProbeExporter.Metrics;
using EtcdProbeExporter.Status;

namespace EtcdProbeExporter.Tests.Grafana;

/// <summary>
/// The rules of grafana/dashboard-linter, and some of our own. Left out, with a reason: target-job-rule and target-instance-rule where a
/// panel of the disk dashboard shows probes beside etcd's own metrics, which come from two jobs.
/// </summary>
public sealed class DashboardTests
{
    private static readonly string[] UnitsThatExist = ["none", "s", "bytes", "Bps", "ops", "percentunit"];

    private static readonly string[] CountersThatAreGauges = ["etcd_server_proposals_applied_total", "etcd_server_proposals_committed_total"];

    public static TheoryData<string> Files { get; } = [.. Dashboards.All.Select(d => d.File)];

    [Fact]
    public void There_are_three_with_fixed_names() => Dashboards.All.Select(d => d.Json.GetProperty("uid").GetString())
        .Should().Equal("etcd-probe-cluster", "etcd-probe-disk", "etcd-probe-overview");

    [Theory]
    [MemberData(nameof(Files))]
    public void The_dashboard_cannot_be_edited_in_place_and_refreshes_gently(string file)
    {
        var json = Of(file).Json;

        json.GetProperty("editable").GetBoolean().Should().BeFalse();
        json.GetProperty("refresh").GetString().Should().Be("30s");
        json.GetProperty("description").GetString().Should().NotBeEmpty();
        json.GetProperty("tags").EnumerateArray().Should().NotBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Variables_are_as_everywhere(string file)
    {
        var dashboard = Of(file);
        var source = dashboard.Variable("datasource");
        source.GetProperty("type").GetString().Should().Be("datasource");
        source.GetProperty("query").GetString().Should().Be("prometheus");
        source.GetProperty("label").GetString().Should().Be("Data source");
        foreach (var name in new[] { "job", "instance" })
        {
            var variable = dashboard.Variable(name);
            variable.GetProperty("multi").GetBoolean().Should().BeTrue();
            variable.GetProperty("allValue").GetString().Should().Be(".+");
        }

        foreach (var variable in dashboard.Variables.Where(v => v.GetProperty("type").GetString() == "query"))
        {
            variable.GetProperty("refresh").GetInt32().Should().Be(2, "values follow the time range");
            variable.GetProperty("datasource").GetProperty("uid").GetString().Should().Be("${datasource}");
            variable.GetProperty("definition").GetString().Should().StartWith("label_values(");
        }

        dashboard.Variable("etcd_cluster").GetProperty("definition").GetString().Should().Contain("etcd_probe_endpoint_configured", "it exists even if nobody answers");
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_panel_says_what_it_shows_in_which_unit(string file)
    {
        foreach (var panel in Of(file).Panels)
        {
            var title = panel.GetProperty("title").GetString();
            title.Should().NotBeNullOrEmpty();
            panel.GetProperty("description").GetString().Should().EndWith(".", title);
            panel.GetProperty("datasource").GetProperty("uid").GetString().Should().Be("${datasource}");
            panel.GetProperty("fieldConfig").GetProperty("defaults").GetProperty("unit").GetString().Should().BeOneOf(UnitsThatExist, title);
            panel.GetProperty("targets").GetArrayLength().Should().BeGreaterThan(0, title);
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Panels_have_ids_of_their_own_and_do_not_overlap(string file)
    {
        var all = Of(file).Json.GetProperty("panels").EnumerateArray().ToList();
        all.Select(p => p.GetProperty("id").GetInt32()).Should().OnlyHaveUniqueItems();
        var cells = all.SelectMany(Cells).ToList();

        cells.Should().OnlyHaveUniqueItems().And.OnlyContain(c => c.X < 24);

        static IEnumerable<(int X, int Y)> Cells(JsonElement panel)
        {
            var at = panel.GetProperty("gridPos");
            int Of(string name) => at.GetProperty(name).GetInt32();
            return from x in Enumerable.Range(Of("x"), Of("w")) from y in Enumerable.Range(Of("y"), Of("h")) select (x, y);
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Queries_are_filtered_and_use_windows_that_fit(string file)
    {
        foreach (var (panel, _, expression) in Of(file).Queries)
        {
            Regex.Matches(expression, @"(?:rate|increase|deriv)\([^\[]*\[([^\]]+)\]").Select(m => m.Groups[1].Value)
                .Except(["$__rate_interval", "1h"]).Should().BeEmpty(panel);
            if (!expression.Contains("etcd_cluster=~\"$etcd_cluster\"", StringComparison.Ordinal))
            {
                expression.Should().ContainAny(["process_", "etcd_probe_exporter_scheduler_lag"], panel);
            }

            if (!(file == "etcd-disk-network.json" && expression.Contains("etcd_probe_", StringComparison.Ordinal)))
            {
                expression.Should().Contain("job=~\"$job\"", panel).And.Contain("instance=~\"$instance\"", panel);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Counters_are_only_looked_at_through_rates(string file)
    {
        foreach (var (panel, _, expression) in Of(file).Queries)
        {
            foreach (var counter in Regex.Matches(expression, @"\b(\w+_total)\b").Select(m => m.Groups[1]).Where(g => !CountersThatAreGauges.Contains(g.Value)))
            {
                expression[..counter.Index].Should().MatchRegex(@"(rate|increase)\($", panel);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Links_lead_somewhere(string file)
    {
        var text = Of(file).Json.GetRawText();
        foreach (Match link in Regex.Matches(text, Regex.Escape(Finding.RunbookFolder) + @"(\w+)\.md"))
        {
            File.Exists(Path.Combine(Repository.Root, "rules", "runbooks", link.Groups[1].Value + ".md")).Should().BeTrue(link.Value);
        }

        foreach (Match link in Regex.Matches(text, "/d/(etcd-probe-[a-z]+)"))
        {
            Dashboards.All.Select(d => d.Json.GetProperty("uid").GetString()).Should().Contain(link.Groups[1].Value);
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_metric_of_ours_exists(string file)
    {
        var registry = new MetricRegistry(TimeProvider.System);
        using var process = new SeriesOwner();
        _ = new ProductMetrics(registry, process, ("1", "2"));
        var known = registry.Families
            .SelectMany(f => f.Type == MetricType.Histogram ? new[] { f.Name + "_bucket", f.Name + "_count" } : [f.Name])
            .ToHashSet();

        var used = Of(file).Queries.SelectMany(q => Regex.Matches(q.Expression, @"\betcd_probe_\w+").Select(m => m.Value)).Distinct().ToList();

        used.Should().NotBeEmpty().And.BeSubsetOf(known);
    }

    private static Dashboards.Dashboard Of(string file) => Dashboards.All.Single(d => d.File == file);
}
