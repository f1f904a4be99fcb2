namespace EtcdProbeExporter.Probing.Operations;

/// <summary>
/// Which cluster is meant: the id that most of its endpoints have shown. Once more than half of them have, it is kept: neither silence nor a
/// lone endpoint of another cluster changes it. It changes only when most of the endpoints that had shown it show one and the same other
/// id: a cluster that was restored under a new token. Safe for use by many threads.
/// </summary>
internal sealed class ClusterIdentity
{
    private readonly Lock _lock = new();
    private readonly List<string> _endpoints = []; // in the order of configuration: it decides between equals
    private readonly Dictionary<string, ulong> _shown = new(StringComparer.Ordinal); // last, kept while silent
    private readonly HashSet<string> _belonging = new(StringComparer.Ordinal); // have shown the settled id
    private bool _isSettled;
    private ulong? _id;

    /// <summary>The id; null while no endpoint has shown any.</summary>
    public ulong? Id
    {
        get
        {
            lock (_lock)
            {
                return _id;
            }
        }
    }

    /// <summary>Whether this id may be that of the cluster that is meant: it is, or one of the two is not known (null, 0).</summary>
    public bool Means(ulong? clusterId) => clusterId is null or 0 || Id is not { } id || clusterId == id;

    public void Add(string endpoint)
    {
        lock (_lock)
        {
            _endpoints.Add(endpoint);
        }
    }

    public void Remove(string endpoint)
    {
        lock (_lock)
        {
            _endpoints.Remove(endpoint);
            _shown.Remove(endpoint);
            _belonging.Remove(endpoint);
        }
    }

    /// <param name="endpoint">Who answered.</param>
    /// <param name="clusterId">The id in its answer; 0, the id of no cluster, says nothing.</param>
    public void Shows(string endpoint, ulong clusterId)
    {
        lock (_lock)
        {
            if (clusterId == 0 || (_shown.TryGetValue(endpoint, out var before) && before == clusterId))
            {
                return;
            }

            _shown[endpoint] = clusterId;
            if (_isSettled)
            {
                Follow();
            }
            else
            {
                Settle();
            }
        }
    }

    private void Settle()
    {
        var most = _endpoints.Where(_shown.ContainsKey).GroupBy(e => _shown[e]).MaxBy(g => g.Count()); // the first of equals
        if (most is not null)
        {
            Take(most.Key, isSettled: most.Count() > _endpoints.Count / 2);
        }
    }

    private void Follow()
    {
        _belonging.UnionWith(_endpoints.Where(e => _shown.GetValueOrDefault(e) == _id));
        var moved = _belonging.Where(e => _shown[e] != _id).GroupBy(e => _shown[e]).MaxBy(g => g.Count());
        if (moved?.Count() > _belonging.Count / 2)
        {
            Take(moved.Key, isSettled: true);
        }
    }

    private void Take(ulong id, bool isSettled)
    {
        (_id, _isSettled) = (id, isSettled);
        _belonging.Clear();
        _belonging.UnionWith(_endpoints.Where(e => _shown.GetValueOrDefault(e) == id));
    }
}
