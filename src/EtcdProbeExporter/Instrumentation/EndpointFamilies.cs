using EtcdProbeExporter.Metrics;

namespace EtcdProbeExporter.Instrumentation;

/// <summary>The metric families that describe probes of one endpoint. Names and labels are the public contract.</summary>
internal sealed class EndpointFamilies(MetricRegistry registry)
{
    /// <summary>Edges in seconds. The contract's, and between them the powers that etcd's own fsync histogram has, for comparison by eye.</summary>
    public static readonly IReadOnlyList<double> DurationBounds =
        [0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10];

    private static readonly IReadOnlyList<double> ConnectBounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

    public GaugeFamily Configured { get; } = registry.Gauge(
        "etcd_probe_endpoint_configured",
        "1 for every endpoint that is probed, whether or not it ever answered. source says whether the configuration or the member list named it.",
        Label.Cluster, Label.Endpoint, "source");

    public GaugeFamily Info { get; } = registry.Gauge(
        "etcd_probe_endpoint_info",
        "1, with what is behind the endpoint: member; gateway, leads to another member from one connection to the next; proxy, a gRPC proxy; compatible, speaks etcd's API and has neither ids nor terms. Absent until anything was answered.",
        Label.Cluster, Label.Endpoint, "kind");

    public GaugeFamily State { get; } = registry.Gauge(
        "etcd_probe_endpoint_state",
        "1 for the state that the newest probes of this endpoint add up to, 0 for all others. See the documentation for the order of precedence.",
        Label.Cluster, Label.Endpoint, "state");

    public GaugeFamily Stall { get; } = registry.Gauge(
        "etcd_probe_endpoint_stall_info",
        "1 for where a member hangs that is write_stalled, apply_stalled or defragmenting, as far as evidence tells: log, apply, defragmentation, database, disk (log and database), backend (defragmentation, snapshot or disk: its own metrics cannot be had), unclear. Absent while it does not hang.",
        Label.Cluster, Label.Endpoint, "where");

    public CounterFamily Attempts { get; } = registry.Counter(
        "etcd_probe_attempts_total",
        "Probes of this endpoint that were started and have ended, well or not: counted when they end, so a running one is not in it yet; for watch: events due, one per acknowledged cluster put. What a pause of the exporter made worthless is skipped, not attempted.",
        Label.Cluster, Label.Endpoint, Label.Operation);

    public CounterFamily Failures { get; } = registry.Counter(
        "etcd_probe_failures_total",
        "Started probes of this endpoint that did not succeed within the probe timeout, and events that were not delivered in it, by reason.",
        Label.Cluster, Label.Endpoint, Label.Operation, Label.Reason);

    public CounterFamily Skipped { get; } = registry.Counter(
        "etcd_probe_skipped_total",
        "Probe slots that were due on this endpoint and not started: in_flight, the previous probe still ran; alarm or quota_guard, a write was held back; paused, the exporter itself stood still when it was due or while its probe was under way, which is then no attempt.",
        Label.Cluster, Label.Endpoint, Label.Operation, Label.Reason);

    public HistogramFamily Duration { get; } = registry.Histogram(
        "etcd_probe_duration_seconds",
        "Time from handing the request to the connection to the complete answer, of successful probes of this endpoint only.",
        DurationBounds,
        Label.Cluster, Label.Endpoint, Label.Operation);

    public GaugeFamily Success { get; } = registry.Gauge(
        "etcd_probe_success",
        "Whether the newest ended probe of this endpoint succeeded: 1 or 0.",
        Label.Cluster, Label.Endpoint, Label.Operation);

    public GaugeFamily LastSuccess { get; } = registry.Gauge(
        "etcd_probe_last_success_timestamp_seconds",
        "Unix time at which the newest successful probe of this endpoint ended. Absent before the first success.",
        Label.Cluster, Label.Endpoint, Label.Operation);

    public GaugeFamily InFlight { get; } = registry.Gauge(
        "etcd_probe_in_flight_seconds",
        "Age of the oldest probe of this endpoint that is running at the time of the scrape, from its own start; 0 when none runs.",
        Label.Cluster, Label.Endpoint, Label.Operation);

    public HistogramFamily ConnectDuration { get; } = registry.Histogram(
        "etcd_probe_connect_duration_seconds",
        "Time of each completed phase of opening a connection to this endpoint: dns, connect, tls. Phases that did not happen or failed are not counted.",
        ConnectBounds,
        Label.Cluster, Label.Endpoint, "phase");

    public HistogramFamily WatchDelivery { get; } = registry.Histogram(
        "etcd_probe_watch_delivery_seconds",
        "Time from a cluster put being sent to its event being received through a watch on this endpoint, of events that came within the timeout.",
        DurationBounds,
        Label.Cluster, Label.Endpoint);

    public GaugeFamily PeerCertificateNotAfter { get; } = registry.Gauge(
        "etcd_probe_tls_peer_certificate_not_after_timestamp_seconds",
        "Unix time until which the certificate is valid that this endpoint showed on the newest connection.",
        Label.Cluster, Label.Endpoint);
}
