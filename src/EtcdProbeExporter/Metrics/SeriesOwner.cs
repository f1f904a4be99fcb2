namespace EtcdProbeExporter.Metrics;

/// <summary>
/// The life of a group of series: whatever was made with this owner vanishes from all families, in one step as a scrape sees it,
/// when the owner is disposed. An endpoint has one; the exporter's own series have one that is never disposed.
/// </summary>
internal sealed class SeriesOwner : IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<(MetricFamily Family, LabelSet Labels)> _series = [];
    private MetricRegistry? _registry;
    private readonly List<SeriesOwner> _children = [];
    private bool _disposed;

    public void Dispose()
    {
        lock (_lock)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
        }

        _children.ForEach(c => c.Dispose()); // TryChild refuses from here on

        // Adopt refuses from here on, so the list no longer changes. The gate is always taken before our lock, never inside it.
        if (_registry is null)
        {
            return;
        }

        lock (_registry.Gate)
        {
            foreach (var (family, labels) in _series)
            {
                family.Remove(labels);
            }
        }
    }

    /// <summary>An owner that may go earlier, and goes with this one at the latest; null when this one is gone.</summary>
    public SeriesOwner? TryChild()
    {
        lock (_lock)
        {
            if (_disposed)
            {
                return null;
            }

            _children.RemoveAll(c => c._disposed);
            var child = new SeriesOwner();
            _children.Add(child);
            return child;
        }
    }

    /// <exception cref="ObjectDisposedException">The owner is gone, so is everything made with it.</exception>
    /// <exception cref="InvalidOperationException">The owner has series in another registry.</exception>
    internal void Adopt(MetricFamily family, LabelSet labels)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_registry is not null && _registry != family.Registry)
            {
                throw new InvalidOperationException($"{family.Describe(labels)}: its owner has series in another registry.");
            }

            _registry = family.Registry;
            _series.Add((family, labels));
        }
    }
}

/// <summary>
/// One live series. Its handle stays usable after the owner is disposed (a probe may still be in flight): the values then go nowhere.
/// </summary>
internal abstract class Series(LabelSet labels, SeriesOwner owner, DateTimeOffset created)
{
    internal SeriesOwner Owner { get; } = owner;

    protected LabelSet Labels { get; } = labels;

    /// <summary>When counting began: the start timestamp of OpenMetrics and protobuf.</summary>
    protected DateTimeOffset Created { get; } = created;

    /// <summary>The consistent state of this moment; null when the series is not to be exposed.</summary>
    internal abstract SeriesSnapshot? Capture();
}
