using EtcdProbeExporter.Harness;
using EtcdProbeExporter.Tests.Metrics;

namespace EtcdProbeExporter.Soak;

/// <summary>
/// Scrapes twice a second with a strict reader and remembers verdicts and changes of state: what was wrong for a moment must not escape.
/// </summary>
internal sealed class Witness : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private readonly ExporterProcess _exporter;
    private readonly Journal _journal;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _watching;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _verdicts = [];
    private readonly Dictionary<string, string> _states = [];
    private readonly Dictionary<string, int> _changes = [];
    private readonly HashSet<string> _accused = [];
    private ExpositionText? _newest;
    private int _scrapes;

    private Witness(ExporterProcess exporter, Journal journal)
    {
        (_exporter, _journal) = (exporter, journal);
        _watching = WatchAsync();
    }

    /// <summary>How many scrapes were seen.</summary>
    public int Scrapes => Read(() => _scrapes);

    /// <summary>How often each split-brain verdict was seen, of any cluster.</summary>
    public IReadOnlyDictionary<string, int> Verdicts => Read(() => new Dictionary<string, int>(_verdicts));

    /// <summary>Changes of state per cluster and endpoint.</summary>
    public IReadOnlyDictionary<string, int> Changes => Read(() => new Dictionary<string, int>(_changes));

    public static Witness Start(ExporterProcess exporter, Journal journal) => new(exporter, journal);

    /// <summary>Whether every endpoint of the cluster is healthy in a scrape that was begun from now on, before the deadline.</summary>
    public async Task<bool> IsHealthyAsync(SoakCluster cluster, TimeSpan deadline)
    {
        var from = Scrapes + 2; // the one under way began earlier
        try
        {
            await Condition.EventuallyAsync(
                () => Task.FromResult(Read(() => _scrapes >= from && _newest is { } scrape && IsHealthy(scrape, cluster))),
                deadline,
                "healthy");
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>What of the cluster is not well.</summary>
    public string Describe(SoakCluster cluster) => Read(() => _newest) is not { } scrape ? "no scrape"
        : string.Join(", ", States(scrape, cluster).DefaultIfEmpty("not in the scrape"))
            + $"; writable {scrape.Value("etcd_probe_cluster_writable", ("etcd_cluster", cluster.Name))}";

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        _stop.Dispose();
    }

    private static bool IsHealthy(ExpositionText scrape, SoakCluster cluster) =>
        States(scrape, cluster).ToHashSet().SetEquals(cluster.Probed.Select(e => e + " healthy"))
        && scrape.Value("etcd_probe_cluster_writable", ("etcd_cluster", cluster.Name)) == 1;

    private static IEnumerable<string> States(ExpositionText scrape, SoakCluster cluster) => scrape.Samples("etcd_probe_endpoint_state")
        .Where(s => s.Value == 1 && s.Has(("etcd_cluster", cluster.Name)))
        .Select(s => $"{s.Labels["etcd_endpoint"]} {s.Labels["state"]}");

    private async Task WatchAsync()
    {
        using var ticks = new PeriodicTimer(Interval);
        try
        {
            while (await ticks.WaitForNextTickAsync(_stop.Token))
            {
                try
                {
                    Take((await _exporter.ScrapeAsync()).Text);
                }
                catch (Exception e) when (e is HttpRequestException or TaskCanceledException or FormatException)
                {
                    _journal.Problem($"scrape of the witness: {e.Message}");
                }
            }
        }
        catch (OperationCanceledException)
        {
            // the run is over
        }
    }

    private void Take(ExpositionText scrape)
    {
        lock (_lock)
        {
            _newest = scrape;
            _scrapes++;
            foreach (var verdict in scrape.Samples("etcd_probe_cluster_split_brain").Where(s => s.Value == 1))
            {
                _verdicts[verdict.Labels["state"]] = _verdicts.GetValueOrDefault(verdict.Labels["state"]) + 1;
                if (verdict.Labels["state"] == "confirmed")
                {
                    Accuse($"split brain of {verdict.Labels["etcd_cluster"]} confirmed");
                }
            }

            // A reload that drops the cluster takes this counter along: the last scrape alone would not do.
            foreach (var violation in scrape.Samples("etcd_probe_consistency_violations_total").Where(s => s.Value > 0))
            {
                Accuse($"{violation.Labels["etcd_cluster"]} is said to have broken a promise of consistency: {violation.Labels["kind"]}");
            }

            foreach (var state in scrape.Samples("etcd_probe_endpoint_state").Where(s => s.Value == 1))
            {
                var (endpoint, now) = ($"{state.Labels["etcd_cluster"]} {state.Labels["etcd_endpoint"]}", state.Labels["state"]);
                _changes.TryAdd(endpoint, 0);
                if (_states.TryGetValue(endpoint, out var before) && before != now)
                {
                    _changes[endpoint]++;
                }

                _states[endpoint] = now;
            }
        }
    }

    private void Accuse(string what)
    {
        if (_accused.Add(what))
        {
            _journal.Problem(what);
        }
    }

    private T Read<T>(Func<T> read)
    {
        lock (_lock)
        {
            return read();
        }
    }
}
