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
