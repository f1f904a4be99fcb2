using EtcdProbeExporter.Cli;
using EtcdProbeExporter.Configuration;

namespace EtcdProbeExporter.Hosting;

/// <summary>
/// One line on a terminal that says whom <c>check</c> still waits for, and for how long; nothing where standard error is no terminal.
/// </summary>
internal sealed class CheckProgress : IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(200);

    private readonly CliEnvironment _environment;
    private readonly TimeProvider _time;
    private readonly long _started;
    private readonly Lock _lock = new();
    private readonly List<string> _waitingFor;
    private readonly ITimer? _timer;
    private bool _cleared;

    public CheckProgress(CliEnvironment environment, ExporterConfiguration configuration, TimeProvider time)
    {
        _environment = environment;
        _time = time;
        _started = time.GetTimestamp();
        _waitingFor = [.. configuration.Clusters.SelectMany(c => c.Endpoints).Select(e => e.Label)];
        _timer = environment.ErrorIsTerminal ? time.CreateTimer(_ => Show(), null, Tick, Tick) : null;
    }

    public void Ended(EndpointAddress endpoint)
    {
        lock (_lock)
        {
            _waitingFor.Remove(endpoint.Label);
        }
    }

    /// <summary>Takes the line away again, before anything else is printed.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _cleared = true;
            if (_timer is not null)
            {
                Write("\r\e[K");
            }
        }
    }

    public void Dispose() => _timer?.Dispose();

    private void Show()
    {
        lock (_lock)
        {
            if (!_cleared)
            {
                var whom = _waitingFor.Count switch { 0 => "the cluster", <= 2 => string.Join(" and ", _waitingFor), var n => $"{n} endpoints" };
                Write(FormattableString.Invariant($"\r\e[Kwaiting for {whom}, {_time.GetElapsedTime(_started).TotalSeconds:0.0} s"));
            }
        }
    }

    // An exception in a timer ends the process, and a line about waiting is worth none.
    private void Write(string text)
    {
        try
        {
            _environment.Error.Write(text);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // the terminal is gone
        }
    }
}
