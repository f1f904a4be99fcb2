using System.Text.Json;

namespace EtcdProbeExporter.Harness;

/// <summary>A real Prometheus.</summary>
internal sealed class PrometheusProcess : IAsyncDisposable
{
    private readonly RunningProcess _process;
    private readonly string _folder;
    private readonly HttpClient _http;

    private PrometheusProcess(RunningProcess process, string folder, int port)
    {
        _process = process;
        _folder = folder;
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromSeconds(5) };
    }

    public static Task<PrometheusProcess> StartAsync(ExporterProcess exporter, params string[] arguments) => StartAsync($$"""
        global: { scrape_interval: 1s, scrape_timeout: 1s }
        scrape_configs:
          - job_name: etcd-probe-exporter
            static_configs: [{ targets: ['127.0.0.1:{{exporter.Port}}'] }]
        """, arguments);

    /// <summary>Starts it with the text of a configuration file and further arguments.</summary>
    public static async Task<PrometheusProcess> StartAsync(string configuration, params string[] arguments)
    {
        var folder = Directory.CreateTempSubdirectory("etcd-probe-prometheus-").FullName;
        var file = Path.Combine(folder, "prometheus.yml");
        await File.WriteAllTextAsync(file, configuration);
        var port = Ports.Next();
        var process = RunningProcess.Start(
            Tools.Find("prometheus")!,
            [
                "--config.file", file, "--storage.tsdb.path", Path.Combine(folder, "data"), "--web.listen-address", $"127.0.0.1:{port}",
                "--rules.alert.resend-delay", "1s", // what fires before Alertmanager is discovered is dropped, and sent again only then
                .. arguments,
            ]);
        return new PrometheusProcess(process, folder, port);
    }

    /// <summary>The value of each series that a query answers with; empty while Prometheus is not up or has no data.</summary>
    public async Task<IReadOnlyList<double>> QueryAsync(string query)
    {
        try
        {
            using var json = JsonDocument.Parse(await _http.GetStringAsync("/api/v1/query?query=" + Uri.EscapeDataString(query)));
            return [.. json.RootElement.GetProperty("data").GetProperty("result").EnumerateArray()
                .Select(r => double.Parse(r.GetProperty("value")[1].GetString()!, System.Globalization.CultureInfo.InvariantCulture))];
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return [];
        }
    }

    /// <summary>One label of each series that a query answers with. Throws where Prometheus does not answer.</summary>
    public async Task<IReadOnlyList<string>> LabelsAsync(string query, string label)
    {
        using var json = JsonDocument.Parse(await _http.GetStringAsync("/api/v1/query?query=" + Uri.EscapeDataString(query)));
        return [.. json.RootElement.GetProperty("data").GetProperty("result").EnumerateArray().Select(r => r.GetProperty("metric").GetProperty(label).GetString()!)];
    }

    /// <summary>What a dashboard would get: the error, or how many series there are, now or over the last two minutes.</summary>
    public async Task<(string? Error, int Series)> AskAsync(string query, bool instant)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var path = instant ? "query?" : $"query_range?start={now - 120}&end={now}&step=1&";
        using var answer = await _http.GetAsync($"/api/v1/{path}query={Uri.EscapeDataString(query)}");
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return json.RootElement.GetProperty("status").GetString() == "success"
            ? (null, json.RootElement.GetProperty("data").GetProperty("result").GetArrayLength())
            : (json.RootElement.GetProperty("error").GetString(), 0);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _process.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
