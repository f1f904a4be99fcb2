namespace EtcdProbeExporter.Metrics;

/// <summary>The family types that this exporter uses; stateset and info families are gauges in text 0.0.4.</summary>
internal enum MetricType
{
    Counter,
    Gauge,
    Histogram,
}
