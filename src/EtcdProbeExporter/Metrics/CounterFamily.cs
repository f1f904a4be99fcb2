namespace EtcdProbeExporter.Metrics;

internal sealed class CounterFamily(string name, string help, string[] labelNames)
    : SeriesFamily<Counter>(MetricType.Counter, name, help, labelNames)
{
    /// <summary>A new series, exposed at 0 at once, so that the first increase is seen as one.</summary>
    public Counter With(SeriesOwner owner, params ReadOnlySpan<string> labelValues) => Add(owner, labelValues, new Counter());

    protected override Sample? Read(LabelSet labels, Counter series) => new(labels, series.Value);
}
