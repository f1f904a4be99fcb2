namespace EtcdProbeExporter.Metrics;

/// <summary>A family whose series are kept, each for as long as its owner lives.</summary>
internal abstract class SeriesFamily<TSeries>(MetricType type, string name, string help, string[] labelNames)
    : MetricFamily(type, name, help, labelNames)
    where TSeries : class
{
    private readonly Lock _lock = new();
    private readonly OrderedDictionary<LabelSet, TSeries> _series = [];

    public override IEnumerable<Sample> Samples()
    {
        KeyValuePair<LabelSet, TSeries>[] series;
        lock (_lock)
        {
            series = [.. _series];
        }

        foreach (var (labels, one) in series)
        {
            if (Read(labels, one) is { } sample)
            {
                yield return sample;
            }
        }
    }

    protected TSeries Add(SeriesOwner owner, ReadOnlySpan<string> labelValues, TSeries series)
    {
        var labels = Labels(labelValues);
        lock (_lock)
        {
            if (!_series.TryAdd(labels, series))
            {
                throw new InvalidOperationException($"'{Name}' has a series {{{labels}}} already, of an owner that still lives");
            }
        }

        owner.Adopt(() => Remove(labels));
        return series;
    }

    /// <summary>Null: the series has no value yet.</summary>
    protected abstract Sample? Read(LabelSet labels, TSeries series);

    private void Remove(LabelSet labels)
    {
        lock (_lock)
        {
            _series.Remove(labels);
        }
    }
}
