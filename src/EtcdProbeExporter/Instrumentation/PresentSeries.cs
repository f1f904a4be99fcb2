using EtcdProbeExporter.Metrics;

namespace EtcdProbeExporter.Instrumentation;

/// <summary>
/// Series that exist only as long as there is something that they speak of: those about members go when an endpoint turns out to be none.
/// Safe for use by many threads.
/// </summary>
/// <param name="owner">They go with it at the latest.</param>
/// <param name="make">Makes them.</param>
internal sealed class PresentSeries<T>(SeriesOwner owner, Func<SeriesOwner, T> make)
    where T : class
{
    private readonly Lock _lock = new();
    private SeriesOwner? _own;
    private T? _series;

    /// <summary>Makes them or takes them away; null when they are not there.</summary>
    public T? Keep(bool present)
    {
        lock (_lock)
        {
            if (!present)
            {
                _own?.Dispose();
                (_own, _series) = (null, null);
            }
            else if (_series is null && owner.TryChild() is { } child)
            {
                (_own, _series) = (child, make(child));
            }

            return _series;
        }
    }
}
