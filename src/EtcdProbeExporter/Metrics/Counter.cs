namespace EtcdProbeExporter.Metrics;

internal sealed class Counter(LabelSet labels, SeriesOwner owner, DateTimeOffset created) : Series(labels, owner, created)
{
    private double _value;

    public double Value => Volatile.Read(ref _value);

    /// <exception cref="ArgumentOutOfRangeException">Negative or not finite: a counter only grows.</exception>
    public void Increment(double by = 1)
    {
        if (!double.IsFinite(by) || by < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(by), by, "A counter only grows.");
        }

        var seen = Value;
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

    internal override SeriesSnapshot? Capture() => new(Labels, Value, null, Created);
}
