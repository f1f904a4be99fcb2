namespace EtcdProbeExporter.Metrics;

internal sealed class GaugeFamily(MetricRegistry registry, string name, string help, string[] labelNames)
    : MetricFamily(registry, name, help, MetricType.Gauge, labelNames)
{
    /// <summary>A gauge that is absent until it is set: nothing is claimed that is not known.</summary>
    /// <exception cref="ArgumentException">Not one value per label name.</exception>
    /// <exception cref="InvalidOperationException">Another live owner has the same series.</exception>
    public Gauge With(SeriesOwner owner, params ReadOnlySpan<string> labelValues) => (Gauge)Attach(owner, labelValues);

    protected override Series Create(LabelSet labels, SeriesOwner owner) => new Gauge(labels, owner, Registry.Time.GetUtcNow());
}
