using System.Globalization;
using System.Text.Json;
using EtcdProbeExporter.Campaign.Clusters;
using EtcdProbeExporter.Campaign.Truth;

namespace EtcdProbeExporter.Campaign.Client;

/// <summary>Writes through one endpoint and asks its Status, again and again, and remembers how each request ended.</summary>
internal sealed class EndpointClient : IAsyncDisposable
{
    private static readonly TimeSpan WritePause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan StatusPause = TimeSpan.FromMilliseconds(300);

    private readonly EpisodeClock _clock;
    private readonly TimeSpan _patience;
    private readonly JsonGateway _writes;
    private readonly JsonGateway _statuses;
    private readonly List<Sample> _samples = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    /// <param name="endpoint">host:port.</param>
    /// <param name="url">Where it is found.</param>
    /// <param name="identity">What lets it in.</param>
    /// <param name="clock">Of the episode.</param>
    /// <param name="patience">How long a request may take.</param>
    public EndpointClient(string endpoint, string url, Identity identity, EpisodeClock clock, TimeSpan patience)
    {
        (Endpoint, _clock, _patience) = (endpoint, clock, patience);
        _writes = new JsonGateway(url, identity);
        _statuses = new JsonGateway(url, identity);
        _running = Task.WhenAll(LoopAsync(isWrite: true, WriteAsync, WritePause), LoopAsync(isWrite: false, AskAsync, StatusPause));
    }

    public string Endpoint { get; }

    public IReadOnlyList<Sample> Samples
    {
        get
        {
            lock (_samples)
            {
                return [.. _samples];
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
        _writes.Dispose();
        _statuses.Dispose();
    }

    private async Task<StatusAnswer?> WriteAsync(CancellationToken deadline)
    {
        var request = new { key = JsonGateway.Base64("/campaign/" + Endpoint), value = JsonGateway.Base64(_clock.Now.ToString("c", CultureInfo.InvariantCulture)) };
        await _writes.PostAsync("/v3/kv/put", request, deadline);
        return null;
    }

    private async Task<StatusAnswer?> AskAsync(CancellationToken deadline)
    {
        var answer = await _statuses.PostAsync("/v3/maintenance/status", new { }, deadline);
        var errors = answer.TryGetProperty("errors", out var list) ? string.Join("; ", list.EnumerateArray().Select(e => e.GetString())) : "";
        return new StatusAnswer(
            Number(answer.GetProperty("header"), "member_id"),
            Number(answer, "leader"),
            Number(answer, "raftTerm"),
            Number(answer, "raftIndex"),
            answer.TryGetProperty("isLearner", out var learner) && learner.GetBoolean(),
            errors);
    }

    private async Task LoopAsync(bool isWrite, Func<CancellationToken, Task<StatusAnswer?>> request, TimeSpan pause)
    {
        try
        {
            while (true)
            {
                var sample = await OneAsync(request, isWrite);
                lock (_samples)
                {
                    _samples.Add(sample);
                }

                await Task.Delay(pause, _stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // the episode is over
        }
    }

    private async Task<Sample> OneAsync(Func<CancellationToken, Task<StatusAnswer?>> request, bool isWrite)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        deadline.CancelAfter(_patience);
        var start = _clock.Now;
        Sample Ended(Ending ending, string text, StatusAnswer? status = null) =>
            new(Endpoint, isWrite, start, _clock.Now, ending, text) { Status = status };
        try
        {
            return Ended(Ending.Done, "", await request(deadline.Token));
        }
        catch (OperationCanceledException) when (!_stop.IsCancellationRequested)
        {
            return Ended(Ending.Silence, "");
        }
        catch (EtcdRefusalException e)
        {
            return Ended(Ending.Refused, e.Message);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException)
        {
            return Ended(Ending.NoConnection, e.Message);
        }
    }

    // etcd's JSON leaves out what is zero, and writes 64-bit numbers as strings.
    private static ulong Number(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? ulong.Parse(value.GetString()!, CultureInfo.InvariantCulture) : 0;
}
