namespace EtcdProbeExporter.Metrics;

/// <summary>A value that goes both ways; absent until set, and again when cleared.</summary>
internal sealed class Gauge
{
    private readonly Lock _lock = new();
    private double? _value;

    public double? Value
    {
        get
        {
            lock (_lock)
            {
                return _value;
            }
        }
    }

    public void Set(double value)
    {
        lock (_lock)
        {
            _value = value;
        }
    }

    public void Clear()
    {
        lock (_lock)
        {
            _value = null;
        }
    }
}
