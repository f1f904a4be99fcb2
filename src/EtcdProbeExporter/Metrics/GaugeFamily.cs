namespace EtcdProbeExporter.Metrics;

internal sealed class GaugeFamily(string name, string help, string[] labelNames)
    : SeriesFamily<Gauge>(MetricType.Gauge, name, help, labelNames)
{
    /// <summary>A new series, absent until it is set.</summary>
    public Gauge With(SeriesOwner owner, params ReadOnlySpan<string> labelValues) => Add(owner, labelValues, new Gauge());

    protected override Sample? Read(LabelSet labels, Gauge series) => series.Value is { } value ? new Sample(labels, value) : null;
}
