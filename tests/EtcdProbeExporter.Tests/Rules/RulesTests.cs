using System.Text.RegularExpressions;
using EtcdProbeExporter.Instrumentation;
using EtcdProbeExporter.Metrics;
using EtcdProbeExporter.Status;

namespace EtcdProbeExporter.Tests.Rules;

/// <summary>What holds for every rule; whether they fire rightly is for promtool and for real faults.</summary>
public sealed class RulesTests
{
    private static readonly string[] Promised =
    [
        "EtcdClusterWritesFailing", "EtcdClusterReadsFailing", "EtcdQuorumLost", "EtcdFaultToleranceExhausted", "EtcdEndpointWriteStalled", "EtcdEndpointDown",
        "EtcdSplitBrain", "EtcdStaleLeader", "EtcdNoLeader", "EtcdFrequentLeaderChanges", "EtcdTermDivergence", "EtcdConsistencyViolation",
        "EtcdAlarmNoSpace", "EtcdAlarmCorrupt", "EtcdMemberListMismatch", "EtcdLearnerLagging", "EtcdCertificateExpiring", "EtcdProbeSlowWrites",
        "EtcdWriteErrorBudgetBurn", "EtcdWalFsyncSlow", "EtcdBackendCommitSlow", "EtcdDiskStalled", "EtcdHeartbeatsLate", "EtcdPeerNetworkSlow",
        "EtcdDatabaseQuotaLow", "EtcdProbeExporterDown", "EtcdProbeStale", "EtcdWatchStalled", "EtcdProbeInternalError", "EtcdProbeWatchdog",
    ];

    [Fact]
    public void Every_promised_alert_is_there_and_no_other() =>
        RuleFiles.Alerts.Select(a => a.Alert).Distinct().Should().BeEquivalentTo(Promised);

    [Fact]
    public void Every_alert_has_a_runbook_and_every_runbook_an_alert() =>
        Directory.GetFiles(Path.Combine(RuleFiles.Folder, "runbooks"), "*.md").Select(f => Path.GetFileNameWithoutExtension(f))
            .Should().BeEquivalentTo(Promised.Append("README"));

    [Fact]
    public void Every_alert_says_who_is_woken_what_happened_and_where_to_read_on() => RuleFiles.Alerts.Should().AllSatisfy(alert =>
    {
        alert.Labels["severity"].Should().BeOneOf("critical", "warning", "info");
        alert.Annotations["summary"].Should().EndWith(".").And.NotContain("{{", "a summary is the same for all clusters");
        alert.Annotations["description"].Should().NotBeEmpty();
        alert.Annotations["runbook_url"].Should().Be(new Finding(FindingLevel.Info, null, "", alert.Alert).RunbookUrl.ToString());
        alert.Annotations["dashboard_url"].Should().MatchRegex(@"^/d/etcd-probe-(overview|cluster|disk)(\?var-etcd_cluster=\{\{ \$labels\.etcd_cluster \}\})?$");
    });

    [Fact]
    public void Descriptions_name_the_cluster() => RuleFiles.Alerts.Where(a => a.Alert is not ("EtcdProbeWatchdog" or "EtcdProbeExporterDown" or "EtcdProbeInternalError"))
        .Should().OnlyContain(a => a.Annotations["description"].Contains("$labels.etcd_cluster", StringComparison.Ordinal));

    [Fact]
    public void Every_metric_of_ours_in_an_expression_exists()
    {
        var registry = new MetricRegistry(TimeProvider.System);
        using var process = new SeriesOwner();
        _ = new ProductMetrics(registry, process, ("1", "2"));
        var known = registry.Families
            .SelectMany(f => f.Type == MetricType.Histogram ? new[] { f.Name + "_bucket", f.Name + "_count", f.Name + "_sum" } : [f.Name])
            .ToHashSet();

        var used = RuleFiles.All().SelectMany(r => Regex.Matches(r.Expression, @"(?<![:\w])etcd_probe_\w+").Select(m => m.Value)).Distinct().ToList();

        used.Should().HaveCountGreaterThan(20).And.BeSubsetOf(known);
    }

    [Fact]
    public void Findings_name_only_runbooks_that_exist()
    {
        var sources = Directory.GetFiles(Path.Combine(Repository.Root, "src/EtcdProbeExporter/Status"), "*.cs").Select(File.ReadAllText);
        var named = sources.SelectMany(s => Regex.Matches(s, "\"(Etcd[A-Z][A-Za-z]+)\"").Select(m => m.Groups[1].Value)).Distinct().ToList();

        named.Should().HaveCountGreaterThan(10).And.BeSubsetOf(Promised);
    }

    [Fact]
    public void Runbooks_have_all_their_parts()
    {
        foreach (var alert in Promised)
        {
            File.ReadAllText(Path.Combine(RuleFiles.Folder, "runbooks", alert + ".md")).Should()
                .StartWith($"# {alert}\n").And.ContainAll("## What it means", "## How sure it is", "## What users of etcd feel", "## Look first", "## Do\n", "## Do not");
        }
    }
}
