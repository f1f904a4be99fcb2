namespace EtcdProbeExporter.Metrics;

internal enum MetricType
{
    Counter,
    Gauge,
    Histogram,
}
