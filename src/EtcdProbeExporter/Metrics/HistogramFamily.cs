namespace EtcdProbeExporter.Metrics;

internal sealed class HistogramFamily(
    MetricRegistry registry, string name, string help, HistogramBounds bounds, string[] labelNames)
    : MetricFamily(registry, name, help, MetricType.Histogram, labelNames)
{
    public HistogramBounds Bounds { get; } = bounds;

    /// <summary>A histogram that is exposed empty at once.</summary>
    /// <exception cref="ArgumentException">Not one value per label name.</exception>
    /// <exception cref="InvalidOperationException">Another live owner has the same series.</exception>
    public Histogram With(SeriesOwner owner, params ReadOnlySpan<string> labelValues) => (Histogram)Attach(owner, labelValues);

    protected override Series Create(LabelSet labels, SeriesOwner owner) =>
        new Histogram(Bounds, labels, owner, Registry.Time.GetUtcNow());
}
