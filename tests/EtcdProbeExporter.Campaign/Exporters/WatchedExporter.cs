using EtcdProbeExporter.Campaign.Truth;
using EtcdProbeExporter.Harness;

namespace EtcdProbeExporter.Campaign.Exporters;

/// <summary>An exporter that is scraped five times a second, and may be restarted or stopped for a while.</summary>
internal sealed class WatchedExporter : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly Func<Task<ExporterProcess>> _start;
    private readonly EpisodeClock _clock;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Look> _looks = [];
    private readonly List<string> _problems = [];
    private readonly List<(TimeSpan From, TimeSpan To)> _absences = [];
    private readonly List<string> _logs = [];
    private Task _watching = Task.CompletedTask;
    private ExporterProcess _process;
    private volatile bool _absent;

    private WatchedExporter(ExporterProcess process, Func<Task<ExporterProcess>> start, EpisodeClock clock)
    {
        (_process, _start, _clock) = (process, start, clock);
        Started = clock.Now;
    }

    /// <summary>When its first process was ready.</summary>
    public TimeSpan Started { get; }

    /// <summary>What there is to judge, when its watch has ended.</summary>
    public ExporterRecord Record => new() { Started = Started, Looks = _looks, Absences = _absences, Log = Log };

    public ExporterProcess Process => _process;

    public Look? Newest
    {
        get
        {
            lock (_looks)
            {
                return _looks.Count == 0 ? null : _looks[^1];
            }
        }
    }

    /// <summary>Scrapes that failed while it had to answer, and an end by itself.</summary>
    public IReadOnlyList<string> Problems => _problems;

    public string Log => string.Join('\n', _logs.Append(_process.Log));

    public static async Task<WatchedExporter> StartAsync(Func<Task<ExporterProcess>> start, EpisodeClock clock)
    {
        var exporter = new WatchedExporter(await start(), start, clock);
        exporter._watching = exporter.WatchAsync();
        return exporter;
    }

    /// <summary>SIGTERM, and a new process with the same configuration.</summary>
    public async Task RestartAsync()
    {
        using var absence = new Absence(this);
        var code = await _process.StopAsync();
        if (code != 0)
        {
            _problems.Add(FormattableString.Invariant($"exit code {code} after SIGTERM"));
        }

        _logs.Add(_process.Log);
        await _process.DisposeAsync();
        _process = await _start();
    }

    /// <summary>SIGSTOP for a while.</summary>
    public async Task PauseAsync(TimeSpan time)
    {
        using var absence = new Absence(this);
        await _process.SignalAsync("STOP");
        await Task.Delay(time);
        await _process.SignalAsync("CONT");
    }

    /// <summary>Ends the scraping; the process goes on until it is disposed.</summary>
    public async Task EndWatchAsync()
    {
        await _stop.CancelAsync();
        await _watching;
    }

    public async ValueTask DisposeAsync()
    {
        await EndWatchAsync();
        await _process.DisposeAsync();
        _stop.Dispose();
    }

    private async Task WatchAsync()
    {
        using var ticks = new PeriodicTimer(Interval);
        try
        {
            while (await ticks.WaitForNextTickAsync(_stop.Token))
            {
                if (!_absent)
                {
                    await LookAsync();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // the episode is over
        }
    }

    private async Task LookAsync()
    {
        var sent = _clock.Now;
        try
        {
            using var answer = await _process.GetAsync("/metrics");
            var look = LookReader.Read(await answer.Content.ReadAsStringAsync(), sent, _clock.Now);
            lock (_looks)
            {
                _looks.Add(look);
            }
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or ObjectDisposedException && !_absent)
        {
            _problems.Add(FormattableString.Invariant($"{sent.TotalSeconds:0.0} s: scrape failed: {e.Message}{(_process.HasExited ? "; it has exited" : "")}"));
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or ObjectDisposedException)
        {
            // it was stopped or restarted meanwhile
        }
    }

    private sealed class Absence : IDisposable
    {
        private readonly WatchedExporter _exporter;
        private readonly TimeSpan _from;

        public Absence(WatchedExporter exporter)
        {
            (_exporter, _from) = (exporter, exporter._clock.Now);
            exporter._absent = true;
        }

        public void Dispose()
        {
            _exporter._absences.Add((_from, _exporter._clock.Now));
            _exporter._absent = false;
        }
    }
}
