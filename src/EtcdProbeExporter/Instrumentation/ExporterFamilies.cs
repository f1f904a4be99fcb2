using EtcdProbeExporter.Metrics;

namespace EtcdProbeExporter.Instrumentation;

/// <summary>The families that describe the exporter itself.</summary>
internal sealed class ExporterFamilies(MetricRegistry registry)
{
    private static readonly IReadOnlyList<double> LagBounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

    public GaugeFamily BuildInfo { get; } = registry.Gauge(
        "etcd_probe_exporter_build_info", "1, with the exporter's version and the revision it was built from.", "version", "revision");

    public GaugeFamily LastReloadSuccessful { get; } = registry.Gauge(
        "etcd_probe_exporter_config_last_reload_successful", "Whether the newest attempt to load the configuration succeeded: 1 or 0.");

    public GaugeFamily LastReloadSuccess { get; } = registry.Gauge(
        "etcd_probe_exporter_config_last_reload_success_timestamp_seconds",
        "Unix time at which the configuration in force was loaded.");

    public GaugeFamily ClientCertificateNotAfter { get; } = registry.Gauge(
        "etcd_probe_exporter_client_certificate_not_after_timestamp_seconds",
        "Unix time until which the exporter's own client certificate for this cluster is valid, the earliest of those in use. Absent without one.",
        Label.Cluster);

    public CounterFamily InternalErrors { get; } = registry.Counter(
        "etcd_probe_exporter_internal_errors_total",
        "Defects of the exporter itself that were caught, by the part that failed; the probe, round or request concerned failed, everything else went on.",
        "where");

    public HistogramFamily SchedulerLag { get; } = registry.Histogram(
        "etcd_probe_exporter_scheduler_lag_seconds",
        "How late probe slots were started, over all clusters: the exporter's own delay, which is no part of any measured latency.",
        LagBounds);
}
