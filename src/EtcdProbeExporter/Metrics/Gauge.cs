namespace EtcdProbeExporter.Metrics;

internal sealed class Gauge(LabelSet labels, SeriesOwner owner, DateTimeOffset created) : Series(labels, owner, created)
{
    private readonly Lock _lock = new();
    private double? _value;

    public void Set(double value)
    {
        lock (_lock)
        {
            _value = value;
        }
    }

    /// <summary>The value is no longer known: the series is absent until it is set again.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _value = null;
        }
    }

    internal override SeriesSnapshot? Capture()
    {
        lock (_lock)
        {
            return _value is { } value ? new SeriesSnapshot(Labels, value, null, null) : null;
        }
    }
}

internal sealed class GaugeFamily(MetricRegistry registry, string name, string help, string[] labelNames)
    : MetricFamily(registry, name, help, MetricType.Gauge, labelNames)
{
    /// <summary>A gauge that is absent until it is set: nothing is claimed that is not known.</summary>
    /// <exception cref="ArgumentException">Not one value per label name.</exception>
    /// <exception cref="InvalidOperationException">Another live owner has the same series.</exception>
    public Gauge With(SeriesOwner owner, params ReadOnlySpan<string> labelValues) => (Gauge)Attach(owner, labelValues);

    protected override Series Create(LabelSet labels, SeriesOwner owner) => new Gauge(labels, owner, Registry.Time.GetUtcNow());
}
