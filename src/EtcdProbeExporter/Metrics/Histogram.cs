namespace EtcdProbeExporter.Metrics;

/// <summary>Counts of observations by upper bound. One lock per series: count, sum and buckets of a scrape always agree.</summary>
internal sealed class Histogram(double[] bounds)
{
    private readonly Lock _lock = new();
    private readonly ulong[] _buckets = new ulong[bounds.Length + 1];
    private ulong _count;
    private double _sum;

    /// <summary>NaN falls into no bucket but the last: it is counted, and the sum tells.</summary>
    public void Observe(double value)
    {
        var index = double.IsNaN(value) ? bounds.Length : Array.BinarySearch(bounds, value);
        if (index < 0)
        {
            index = ~index;
        }

        lock (_lock)
        {
            _buckets[index]++;
            _count++;
            _sum += value;
        }
    }

    /// <summary>Counts up to each bound and, last, of all.</summary>
    public HistogramValue Read()
    {
        var cumulative = new ulong[bounds.Length + 1];
        lock (_lock)
        {
            var sum = 0UL;
            for (var i = 0; i < _buckets.Length; i++)
            {
                sum += _buckets[i];
                cumulative[i] = sum;
            }

            return new HistogramValue(cumulative, _count, _sum);
        }
    }
}
