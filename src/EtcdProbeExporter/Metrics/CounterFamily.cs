namespace EtcdProbeExporter.Metrics;

internal sealed class CounterFamily(MetricRegistry registry, string name, string help, string[] labelNames)
    : MetricFamily(registry, name, help, MetricType.Counter, labelNames)
{
    /// <summary>Exposed at 0 at once: <c>increase()</c> misses the first event of a series that appears with it.</summary>
    /// <exception cref="ArgumentException">Not one value per label name.</exception>
    /// <exception cref="InvalidOperationException">Another live owner has the same series.</exception>
    public Counter With(SeriesOwner owner, params ReadOnlySpan<string> labelValues) => (Counter)Attach(owner, labelValues);

    protected override Series Create(LabelSet labels, SeriesOwner owner) => new Counter(labels, owner, Registry.Time.GetUtcNow());
}
