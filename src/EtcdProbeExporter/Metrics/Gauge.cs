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
