using EtcdProbeExporter.Metrics;

namespace EtcdProbeExporter.Instrumentation;

/// <summary>The families that describe probes of a cluster as a whole: over all endpoints, with failover.</summary>
internal sealed class ClusterFamilies(MetricRegistry registry)
{
    public CounterFamily Attempts { get; } = registry.Counter(
        "etcd_probe_cluster_attempts_total",
        "Cluster probe slots that were started, whatever came of them. One slot may ask several endpoints.",
        Label.Cluster, Label.Operation);

    public CounterFamily Failures { get; } = registry.Counter(
        "etcd_probe_cluster_failures_total",
        "Started cluster probes that no endpoint served within the probe timeout, by the most telling reason that an endpoint gave.",
        Label.Cluster, Label.Operation, Label.Reason);

    public CounterFamily Skipped { get; } = registry.Counter(
        "etcd_probe_cluster_skipped_total",
        "Cluster probe slots that were due and not started: in_flight, the previous probe still ran; alarm or quota_guard, a write was held back.",
        Label.Cluster, Label.Operation, Label.Reason);

    public HistogramFamily Duration { get; } = registry.Histogram(
        "etcd_probe_cluster_duration_seconds",
        "Time from the scheduled start of the slot to the first complete answer of any endpoint, of successful cluster probes only. Failing over is part of it.",
        EndpointFamilies.DurationBounds,
        Label.Cluster, Label.Operation);

    public GaugeFamily Success { get; } = registry.Gauge(
        "etcd_probe_cluster_success",
        "Whether the newest ended cluster probe succeeded through some endpoint: 1 or 0.",
        Label.Cluster, Label.Operation);

    public GaugeFamily LastSuccess { get; } = registry.Gauge(
        "etcd_probe_cluster_last_success_timestamp_seconds",
        "Unix time at which the newest successful cluster probe ended. Absent before the first success.",
        Label.Cluster, Label.Operation);

    public GaugeFamily Writable { get; } = registry.Gauge(
        "etcd_probe_cluster_writable",
        "Whether some endpoint, or the cluster probe, acknowledged a write within the last interval and timeout: 1 or 0. Absent when writes are switched off.",
        Label.Cluster);
}
