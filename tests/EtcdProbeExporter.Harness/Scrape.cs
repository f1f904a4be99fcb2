using EtcdProbeExporter.Tests.Metrics;

namespace EtcdProbeExporter.Harness;

/// <summary>One scrape of the exporter, asked in the words of the contract.</summary>
internal sealed class Scrape(ExpositionText text)
{
    public ExpositionText Text => text;

    public double? Success(EtcdMember member, string operation) =>
        text.Value("etcd_probe_success", ("etcd_endpoint", member.Endpoint), ("operation", operation));

    public double Attempts(EtcdMember member, string operation) =>
        text.Value("etcd_probe_attempts_total", ("etcd_endpoint", member.Endpoint), ("operation", operation)) ?? double.NaN;

    public double Failures(EtcdMember member, string operation, string reason) => text.Value(
        "etcd_probe_failures_total", ("etcd_endpoint", member.Endpoint), ("operation", operation), ("reason", reason)) ?? double.NaN;

    public double AllFailures(EtcdMember member) =>
        text.Samples("etcd_probe_failures_total").Where(s => s.Has(("etcd_endpoint", member.Endpoint))).Sum(s => s.Value);

    public double Skipped(EtcdMember member) =>
        text.Samples("etcd_probe_skipped_total").Where(s => s.Has(("etcd_endpoint", member.Endpoint))).Sum(s => s.Value);

    public double InFlight(EtcdMember member, string operation) =>
        text.Value("etcd_probe_in_flight_seconds", ("etcd_endpoint", member.Endpoint), ("operation", operation)) ?? double.NaN;

    public double? Cluster(string name, params (string, string)[] labels) => text.Value("etcd_probe_cluster_" + name, labels);

    public double ClusterAttempts(string operation) => text.Value("etcd_probe_cluster_attempts_total", ("operation", operation)) ?? double.NaN;

    public double ClusterFailures(string operation) =>
        text.Samples("etcd_probe_cluster_failures_total").Where(s => s.Has(("operation", operation))).Sum(s => s.Value);

    /// <summary>The one state of the endpoint that is 1.</summary>
    public string State(EtcdMember member) => State(member.Endpoint);

    public string State(string endpoint) => OneOf("etcd_probe_endpoint_state", ("etcd_endpoint", endpoint));

    /// <summary>Where the member behind the endpoint hangs; null: it does not.</summary>
    public string? Stall(EtcdMember member) => text.Samples("etcd_probe_endpoint_stall_info")
        .SingleOrDefault(s => s.Has(("etcd_endpoint", member.Endpoint)))?.Labels["where"];

    /// <summary>The split-brain verdict.</summary>
    public string Verdict => OneOf("etcd_probe_cluster_split_brain");

    public double Violations => text.Samples("etcd_probe_consistency_violations_total").Sum(s => s.Value);

    /// <summary>Name and labels of every series, without values.</summary>
    public ISet<string> Series => text.Families.SelectMany(f => f.Samples)
        .Select(s => s.Name + "{" + string.Join(',', s.Labels.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => $"{l.Key}={l.Value}")) + "}")
        .ToHashSet();

    /// <summary>What a failing test prints: what is not well.</summary>
    public override string ToString() => string.Join("; ", text.Families
        .Where(f => f.Name is "etcd_probe_success" or "etcd_probe_endpoint_state" or "etcd_probe_cluster_split_brain" or "etcd_probe_cluster_success"
            or "etcd_probe_failures_total" or "etcd_probe_cluster_has_leader" or "etcd_probe_cluster_failure_tolerance")
        .SelectMany(f => f.Samples)
        .Where(s => s.Value != 0 || s.Name.EndsWith("success", StringComparison.Ordinal))
        .Select(s => s.ToString()));

    private string OneOf(string name, params (string, string)[] labels) =>
        text.Samples(name).Single(s => s.Has(labels) && s.Value == 1).Labels["state"];
}
