namespace EtcdProbeExporter.Metrics;

/// <summary>A value that only rises, from 0. Safe for use by many threads.</summary>
internal sealed class Counter
{
    private double _value;

    public double Value => Volatile.Read(ref _value);

    public void Increment(double by = 1)
    {
        if (!(by >= 0) || double.IsInfinity(by))
        {
            throw new ArgumentOutOfRangeException(nameof(by), by, "a counter only rises");
        }

        var seen = Volatile.Read(ref _value);
        while (true)
        {
            var before = Interlocked.CompareExchange(ref _value, seen + by, seen);
            if (before.Equals(seen))
            {
                return;
            }

            seen = before;
        }
    }
}
