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

internal sealed class CounterFamily(MetricRegistry registry, string name, string help, string[] labelNames)
    : MetricFamily(registry, name, help, MetricType.Counter, labelNames)
{
    /// <summary>Exposed at 0 at once: <c>increase()</c> misses the first event of a series that appears with it.</summary>
    /// <exception cref="ArgumentException">Not one value per label name.</exception>
    /// <exception cref="InvalidOperationException">Another live owner has the same series.</exception>
    public Counter With(SeriesOwner owner, params ReadOnlySpan<string> labelValues) => (Counter)Attach(owner, labelValues);

    protected override Series Create(LabelSet labels, SeriesOwner owner) => new Counter(labels, owner, Registry.Time.GetUtcNow());
}
