using System.Text.Json;
using EtcdProbeExporter.Tests.Metrics;

namespace EtcdProbeExporter.Harness;

/// <summary>The exporter as users run it: its own process, asked over HTTP.</summary>
internal sealed class ExporterProcess : IAsyncDisposable
{
    private readonly RunningProcess _process;
    private readonly HttpClient _http;

    private ExporterProcess(RunningProcess process, int port)
    {
        _process = process;
        Port = port;
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromSeconds(5) };
    }

    public int Port { get; }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public string Log => _process.Errors;

    /// <summary>Starts it against a cluster with a probe every second, and waits until one round is done.</summary>
    public static Task<ExporterProcess> StartAsync(EtcdCluster cluster, string timeout = "3s", params string[] arguments) =>
        StartAsync(["--endpoints", cluster.Endpoints, "--probe.interval", "1s", "--probe.timeout", timeout, .. arguments]);

    /// <param name="arguments">All but the address it listens on.</param>
    /// <param name="environment">Further variables.</param>
    /// <param name="hosts">Stands in for /etc/hosts: names that lead elsewhere when it is rewritten. Needs root.</param>
    public static async Task<ExporterProcess> StartAsync(
        IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? hosts = null)
    {
        var port = Ports.Next();
        string[] command = ["dotnet", Binary, .. arguments, "--web.listen-address", $"127.0.0.1:{port}"];
        string[] started = hosts is null ? command : ["unshare", "-m", "sh", "-c", "mount --bind \"$0\" /etc/hosts && exec \"$@\"", hosts, .. command];
        var process = RunningProcess.Start(started[0], started[1..], environment);
        var exporter = new ExporterProcess(process, port);
        try
        {
            await Condition.EventuallyAsync(exporter.IsReadyAsync, TimeSpan.FromSeconds(60), "the exporter is ready");
            return exporter;
        }
        catch (TimeoutException e)
        {
            var log = exporter.Log;
            await exporter.DisposeAsync();
            throw new InvalidOperationException($"{e.Message}\n{log}", e);
        }
    }

    /// <summary>Runs the exporter to its end, for verbs and for refused configurations.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(
        IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        await using var process = RunningProcess.Start("dotnet", [Binary, .. arguments], environment);
        await process.WaitAsync(TimeSpan.FromSeconds(30));
        return (process.ExitCode, process.Output, process.Errors);
    }

    public async Task<Scrape> ScrapeAsync() => new(ExpositionText.Parse(await _http.GetStringAsync("/metrics")));

    /// <summary>What is said on the page, of everything: level, runbook and sentence.</summary>
    public async Task<IReadOnlyList<string>> FindingsAsync()
    {
        using var status = JsonDocument.Parse(await _http.GetStringAsync("/api/v1/status"));
        return [.. status.RootElement.GetProperty("clusters").EnumerateArray().SelectMany(c => c.GetProperty("findings").EnumerateArray())
            .Select(f => $"{f.GetProperty("level")} {f.GetProperty("runbook")}: {f.GetProperty("text")}")];
    }

    public Task<HttpResponseMessage> GetAsync(string path) => _http.GetAsync(path);

    /// <summary>In which format a scraper that accepts this gets the metrics.</summary>
    public async Task<string> ContentTypeAsync(string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.TryAddWithoutValidation("Accept", accept);
        using var answer = await _http.SendAsync(request);
        return answer.Content.Headers.ContentType!.ToString();
    }

    public Task<HttpResponseMessage> PostAsync(string path) => _http.PostAsync(path, null);

    public Task SignalAsync(string signal) => _process.SignalAsync(signal);

    /// <summary>SIGTERM; returns the exit code.</summary>
    public async Task<int> StopAsync()
    {
        await _process.SignalAsync("TERM");
        await _process.WaitAsync(TimeSpan.FromSeconds(15));
        return _process.ExitCode;
    }

    /// <summary>Scrapes until something holds.</summary>
    public Task<Scrape> EventuallyAsync(Func<Scrape, bool> holds, string what, int seconds = 20) =>
        Condition.EventuallyAsync(ScrapeAsync, holds, TimeSpan.FromSeconds(seconds), what);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _process.DisposeAsync();
    }

    public static string Binary => Path.Combine(AppContext.BaseDirectory, "etcd-probe-exporter.dll");

    private async Task<bool> IsReadyAsync()
    {
        if (_process.HasExited)
        {
            throw new InvalidOperationException($"the exporter ended with {_process.ExitCode}: {_process.Errors}");
        }

        try
        {
            using var answer = await _http.GetAsync("/-/ready");
            return answer.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return false; // not listening yet
        }
    }
}
