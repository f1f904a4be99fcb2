namespace EtcdProbeExporter.Metrics;

/// <summary>
/// What series describe: an endpoint, a cluster, the process. When it goes, its series go from every family: a frozen last value would
/// look like a present one.
/// </summary>
internal sealed class SeriesOwner : IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<Action> _removals = [];
    private bool _disposed;

    internal void Adopt(Action removal)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _removals.Add(removal);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _removals.ForEach(remove => remove());
            _removals.Clear();
        }
    }
}
