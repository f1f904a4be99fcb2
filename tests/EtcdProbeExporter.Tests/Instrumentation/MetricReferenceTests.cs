using System.Text;
using EtcdProbeExporter.Instrumentation;
using EtcdProbeExporter.Metrics;

namespace EtcdProbeExporter.Tests.Instrumentation;

/// <summary>docs/metrics.md is made from the code; run with UPDATE_REFERENCE=1 to write it anew.</summary>
public sealed class MetricReferenceTests
{
    /// <summary>What users rely on: name, type, labels. A change here breaks their dashboards and alerts.</summary>
    private static readonly string[] Contract =
    [
        "etcd_probe_attempts_total counter etcd_cluster,etcd_endpoint,operation",
        "etcd_probe_failures_total counter etcd_cluster,etcd_endpoint,operation,reason",
        "etcd_probe_skipped_total counter etcd_cluster,etcd_endpoint,operation,reason",
        "etcd_probe_duration_seconds histogram etcd_cluster,etcd_endpoint,operation",
        "etcd_probe_success gauge etcd_cluster,etcd_endpoint,operation",
        "etcd_probe_last_success_timestamp_seconds gauge etcd_cluster,etcd_endpoint,operation",
        "etcd_probe_in_flight_seconds gauge etcd_cluster,etcd_endpoint,operation",
        "etcd_probe_connect_duration_seconds histogram etcd_cluster,etcd_endpoint,phase",
        "etcd_probe_tls_peer_certificate_not_after_timestamp_seconds gauge etcd_cluster,etcd_endpoint",
        "etcd_probe_watch_delivery_seconds histogram etcd_cluster,etcd_endpoint",
        "etcd_probe_endpoint_configured gauge etcd_cluster,etcd_endpoint,source",
        "etcd_probe_endpoint_info gauge etcd_cluster,etcd_endpoint,kind",
        "etcd_probe_endpoint_state gauge etcd_cluster,etcd_endpoint,state",
        "etcd_probe_endpoint_stall_info gauge etcd_cluster,etcd_endpoint,where",
        "etcd_probe_member_info gauge etcd_cluster,etcd_endpoint,member_id,member_name,version,cluster_id",
        "etcd_probe_member_leader_info gauge etcd_cluster,etcd_endpoint,leader_id,leader_name",
        "etcd_probe_member_is_leader gauge etcd_cluster,etcd_endpoint",
        "etcd_probe_member_is_learner gauge etcd_cluster,etcd_endpoint",
        "etcd_probe_member_has_leader gauge etcd_cluster,etcd_endpoint",
        "etcd_probe_member_raft_term gauge etcd_cluster,etcd_endpoint",
        "etcd_probe_member_raft_index gauge etcd_cluster,etcd_endpoint",
        "etcd_probe_member_raft_applied_index gauge etcd_cluster,etcd_endpoint",
        "etcd_probe_member_revision gauge etcd_cluster,etcd_endpoint",
        "etcd_probe_member_db_size_bytes gauge etcd_cluster,etcd_endpoint",
        "etcd_probe_member_db_size_in_use_bytes gauge etcd_cluster,etcd_endpoint",
        "etcd_probe_member_db_quota_bytes gauge etcd_cluster,etcd_endpoint",
        "etcd_probe_member_storage_info gauge etcd_cluster,etcd_endpoint,storage_version",
        "etcd_probe_member_downgrade_info gauge etcd_cluster,etcd_endpoint,target_version",
        "etcd_probe_member_term_changes_total counter etcd_cluster,etcd_endpoint",
        "etcd_probe_member_alarm gauge etcd_cluster,etcd_endpoint,alarm,alarm_member_id",
        "etcd_probe_cluster_attempts_total counter etcd_cluster,operation",
        "etcd_probe_cluster_failures_total counter etcd_cluster,operation,reason",
        "etcd_probe_cluster_skipped_total counter etcd_cluster,operation,reason",
        "etcd_probe_cluster_duration_seconds histogram etcd_cluster,operation",
        "etcd_probe_cluster_success gauge etcd_cluster,operation",
        "etcd_probe_cluster_last_success_timestamp_seconds gauge etcd_cluster,operation",
        "etcd_probe_cluster_writable gauge etcd_cluster",
        "etcd_probe_cluster_leader_info gauge etcd_cluster,leader_id,leader_name,leader_endpoint",
        "etcd_probe_cluster_has_leader gauge etcd_cluster",
        "etcd_probe_cluster_raft_term gauge etcd_cluster",
        "etcd_probe_cluster_leader_changes_total counter etcd_cluster",
        "etcd_probe_cluster_term_changes_total counter etcd_cluster",
        "etcd_probe_cluster_leaderless_seconds_total counter etcd_cluster",
        "etcd_probe_cluster_leaders_claimed gauge etcd_cluster",
        "etcd_probe_cluster_leaders_claimed_in_max_term gauge etcd_cluster",
        "etcd_probe_cluster_leader_views gauge etcd_cluster",
        "etcd_probe_cluster_cluster_ids gauge etcd_cluster",
        "etcd_probe_cluster_member_list_views gauge etcd_cluster",
        "etcd_probe_cluster_term_spread gauge etcd_cluster",
        "etcd_probe_cluster_revision_spread gauge etcd_cluster",
        "etcd_probe_cluster_split_brain gauge etcd_cluster,state",
        "etcd_probe_cluster_members gauge etcd_cluster,role",
        "etcd_probe_cluster_members_healthy gauge etcd_cluster", "etcd_probe_cluster_members_answering gauge etcd_cluster",
        "etcd_probe_cluster_quorum_size gauge etcd_cluster",
        "etcd_probe_cluster_failure_tolerance gauge etcd_cluster",
        "etcd_probe_cluster_member_mismatch gauge etcd_cluster,kind",
        "etcd_probe_consistency_violations_total counter etcd_cluster,kind",
        "etcd_probe_exporter_build_info gauge version,revision",
        "etcd_probe_exporter_config_last_reload_successful gauge ",
        "etcd_probe_exporter_config_last_reload_success_timestamp_seconds gauge ",
        "etcd_probe_exporter_scheduler_lag_seconds histogram ",
        "etcd_probe_exporter_client_certificate_not_after_timestamp_seconds gauge etcd_cluster",
        "etcd_probe_exporter_internal_errors_total counter where",
    ];

    [Fact]
    public void Every_promised_metric_exists_with_its_type_and_labels() =>
        Families().Where(f => f.Name.StartsWith("etcd_probe_", StringComparison.Ordinal))
            .Select(f => $"{f.Name} {TypeOf(f)} {string.Join(',', f.LabelNames)}")
            .Should().BeEquivalentTo(Contract);

    [Fact]
    public void The_reference_says_what_the_code_says()
    {
        var path = Path.Combine(Repository.Root, "docs", "metrics.md");
        var reference = Reference();
        if (Environment.GetEnvironmentVariable("UPDATE_REFERENCE") == "1")
        {
            File.WriteAllText(path, reference);
        }

        File.ReadAllText(path).Should().Be(reference, "UPDATE_REFERENCE=1 writes it anew");
    }

    [Fact]
    public void Every_help_is_a_sentence() => Families().Should().OnlyContain(f => f.Help.Length > 20 && f.Help.EndsWith('.'));

    private static List<MetricFamily> Families()
    {
        var registry = new MetricRegistry(TimeProvider.System);
        using var process = new SeriesOwner();
        _ = new ProductMetrics(registry, process, ("1", "2"));
        _ = new ProcessMetrics(registry);
        _ = new DotnetMetrics(registry);
        return [.. registry.Families];
    }

    private static string Reference()
    {
        var text = new StringBuilder("""
            # Metrics

            Made from the code, and checked against it by a test. Every series of a cluster carries `etcd_cluster`; ids are lower-case
            hexadecimal labels, never values; what is not known is absent. Counters exist at 0 from the start.

            | metric | type | labels | what is counted |
            |---|---|---|---|

            """);
        foreach (var family in Families())
        {
            var labels = string.Join(' ', family.LabelNames.Select(l => $"`{l}`"));
            text.Append($"| `{family.Name}` | {TypeOf(family)} | {labels} | {family.Help.Replace("|", "\\|", StringComparison.Ordinal)} |\n");
        }

        return text.ToString();
    }

    private static string TypeOf(MetricFamily family) => family.Type.ToString().ToLowerInvariant();
}
