using System.Collections.Immutable;

namespace EtcdProbeExporter.Metrics;

internal sealed class Histogram(HistogramBounds bounds, LabelSet labels, SeriesOwner owner, DateTimeOffset created)
    : Series(labels, owner, created)
{
    // A lock, not the lock-free two-copy scheme: at our rates it costs nothing and count, sum and buckets always agree.
    private readonly Lock _lock = new();
    private readonly ulong[] _counts = new ulong[bounds.UpperBounds.Length];
    private ulong _count;
    private double _sum;

    /// <summary>Counts a value into the first bucket whose bound is not below it; NaN changes only count and sum.</summary>
    public void Observe(double value)
    {
        var bucket = double.IsNaN(value) ? _counts.Length : BucketOf(value);
        lock (_lock)
        {
            _count++;
            _sum += value;
            if (bucket < _counts.Length)
            {
                _counts[bucket]++;
            }
        }
    }

    internal override SeriesSnapshot? Capture()
    {
        var counts = new ulong[_counts.Length];
        ulong count;
        double sum;
        lock (_lock)
        {
            _counts.CopyTo(counts, 0);
            count = _count;
            sum = _sum;
        }

        for (var i = 1; i < counts.Length; i++)
        {
            counts[i] += counts[i - 1];
        }

        var histogram = new HistogramSnapshot(bounds, ImmutableArray.Create(counts), count, sum);
        return new SeriesSnapshot(Labels, count, histogram, Created);
    }

    private int BucketOf(double value)
    {
        var found = bounds.UpperBounds.AsSpan().BinarySearch(value);
        return found < 0 ? ~found : found;
    }
}

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

/// <summary>The state of a histogram at one moment.</summary>
/// <param name="Bounds">The finite upper bounds.</param>
/// <param name="CumulativeCounts">Per bound, the observations not above it; the <c>+Inf</c> bucket is <paramref name="Count"/>.</param>
/// <param name="Count">All observations.</param>
/// <param name="Sum">The sum of all observed values.</param>
internal sealed record HistogramSnapshot(HistogramBounds Bounds, ImmutableArray<ulong> CumulativeCounts, ulong Count, double Sum);

/// <summary>The finite upper bounds of a classic histogram, ascending, and their <c>le</c> texts; <c>+Inf</c> is implied.</summary>
internal sealed class HistogramBounds
{
    private readonly byte[][] _labels;

    /// <exception cref="ArgumentException">No bounds, or not finite, or not strictly ascending.</exception>
    public HistogramBounds(IReadOnlyList<double> bounds)
    {
        UpperBounds = [.. bounds];
        if (UpperBounds.IsEmpty)
        {
            throw new ArgumentException("a histogram needs at least one bound", nameof(bounds));
        }

        for (var i = 0; i < UpperBounds.Length; i++)
        {
            if (!double.IsFinite(UpperBounds[i]) || (i > 0 && UpperBounds[i] <= UpperBounds[i - 1]))
            {
                throw new ArgumentException("bounds must be finite and ascend strictly; +Inf is implied", nameof(bounds));
            }
        }

        _labels = [.. UpperBounds.Select(GoFloat.FormatBound)];
    }

    public ImmutableArray<double> UpperBounds { get; }

    /// <summary>The <c>le</c> label value of a bound in OpenMetrics' canonical form, which no Prometheus version rewrites.</summary>
    public ReadOnlySpan<byte> LabelOf(int bound) => _labels[bound];
}
