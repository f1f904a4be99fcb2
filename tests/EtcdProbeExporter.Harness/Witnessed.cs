namespace EtcdProbeExporter.Harness;

/// <summary>
/// Scrapes all the time while a test does its fault, and remembers what it saw: a verdict that was wrong for a moment must not escape
/// because nobody looked.
/// </summary>
internal sealed class Witnessed : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _watching;
    private readonly Lock _lock = new();
    private readonly HashSet<string> _verdicts = [];
    private readonly Dictionary<string, HashSet<string>> _states = [];

    private Witnessed(ExporterProcess exporter) => _watching = WatchAsync(exporter);

    public IReadOnlyCollection<string> Verdicts
    {
        get
        {
            lock (_lock)
            {
                return [.. _verdicts];
            }
        }
    }

    public static Witnessed Start(ExporterProcess exporter) => new(exporter);

    /// <summary>Every state that the endpoint was seen in.</summary>
    public IReadOnlyCollection<string> States(EtcdMember member)
    {
        lock (_lock)
        {
            return [.. _states.GetValueOrDefault(member.Endpoint) ?? []];
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        _stop.Dispose();
    }

    private async Task WatchAsync(ExporterProcess exporter)
    {
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(150));
        try
        {
            while (await ticks.WaitForNextTickAsync(_stop.Token))
            {
                var scrape = await exporter.ScrapeAsync();
                lock (_lock)
                {
                    _verdicts.Add(scrape.Verdict);
                    foreach (var state in scrape.Text.Samples("etcd_probe_endpoint_state").Where(s => s.Value == 1))
                    {
                        var endpoint = state.Labels["etcd_endpoint"];
                        _states.TryAdd(endpoint, []);
                        _states[endpoint].Add(state.Labels["state"]);
                    }
                }
            }
        }
        catch (OperationCanceledException)
        {
            // the test is over
        }
    }
}
