using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using EtcdProbeExporter.Tests.Metrics;

namespace EtcdProbeExporter.Soak;

/// <summary>Asks the exporter for everything that it serves, in every format, properly and not, at random.</summary>
internal sealed class Scrapers(int port, int seed, Journal journal) : IDisposable
{
    private static readonly string[] Junk =
    [
        "/nothing", "/metrics/", "/..%2f..%2fetc/passwd", "/%00", "/etcd/metrics", "/etcd/metrics?cluster=no&endpoint=no:1", "/-/reload",
        "/sd/etcd?direct=maybe", "/?" + new string('x', 4000), "/metrics?name[]=up",
    ];

    private const int Member = 9;

    private readonly Random _random = new(seed);
    private readonly HttpClient _http = new() { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromSeconds(15) };

    public int Count { get; private set; }

    /// <summary>Of the requests that the exporter answers by itself: a member's own metrics take as long as the member does.</summary>
    public TimeSpan Slowest { get; private set; }

    public async Task RunAsync(CancellationToken ended)
    {
        while (await Pause.ForAsync(TimeSpan.FromMilliseconds(_random.Next(50, 600)), ended))
        {
            Count++;
            var kind = _random.Next(12);
            var started = Stopwatch.GetTimestamp();
            try
            {
                await AskAsync(kind);
            }
            catch (Exception e) when (
                e is HttpRequestException or IOException or SocketException or TaskCanceledException or FormatException or JsonException)
            {
                journal.Problem($"request of kind {kind}: {e.GetType().Name} {e.Message}");
            }

            var took = Stopwatch.GetElapsedTime(started);
            Slowest = took > Slowest && kind != Member ? took : Slowest;
        }
    }

    public void Dispose() => _http.Dispose();

    private Task AskAsync(int kind) => kind switch
    {
        0 => TextAsync(),
        1 => OpenMetricsAsync(),
        2 => ProtobufAsync(),
        3 => GzipAsync(),
        4 => StatusAsync("/", HttpMethod.Get, HttpStatusCode.OK),
        5 => StatusAsync("/api/v1/status", HttpMethod.Get, HttpStatusCode.OK),
        6 => StatusAsync("/metrics", HttpMethod.Head, HttpStatusCode.OK),
        7 => StatusAsync(Junk[_random.Next(Junk.Length)], HttpMethod.Get, null),
        8 => StatusAsync("/metrics", HttpMethod.Delete, HttpStatusCode.MethodNotAllowed),
        Member => MemberAsync(),
        10 => AbortedAsync(),
        _ => GarbageAsync(),
    };

    private async Task TextAsync() => ExpositionText.Parse(Encoding.UTF8.GetString(await GetAsync("text/plain;version=0.0.4", null)));

    private async Task OpenMetricsAsync()
    {
        var text = Encoding.UTF8.GetString(await GetAsync("application/openmetrics-text;version=1.0.0", null));
        if (!text.EndsWith("\n# EOF\n", StringComparison.Ordinal))
        {
            throw new FormatException("OpenMetrics without its end");
        }
    }

    private async Task GzipAsync()
    {
        using var unpacked = new GZipStream(new MemoryStream(await GetAsync("text/plain", "gzip")), CompressionMode.Decompress);
        using var reader = new StreamReader(unpacked);
        ExpositionText.Parse(await reader.ReadToEndAsync());
    }

    private async Task ProtobufAsync()
    {
        var body = await GetAsync("application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited", null);
        var at = 0;
        while (at < body.Length)
        {
            var (length, shift) = (0, 0);
            do
            {
                length |= (body[at] & 0x7f) << shift;
                shift += 7;
            }
            while (body[at++] > 0x7f);
            at += length;
        }

        if (at != body.Length)
        {
            throw new FormatException("a message of the protobuf format is cut off");
        }
    }

    private async Task<byte[]> GetAsync(string accept, string? encoding)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.TryAddWithoutValidation("Accept", accept);
        request.Headers.TryAddWithoutValidation("Accept-Encoding", encoding);
        using var answer = await _http.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadAsByteArrayAsync();
    }

    private async Task StatusAsync(string path, HttpMethod method, HttpStatusCode? wanted)
    {
        using var request = new HttpRequestMessage(method, path);
        using var answer = await _http.SendAsync(request);
        await answer.Content.ReadAsByteArrayAsync();
        if (wanted is { } code ? answer.StatusCode != code : (int)answer.StatusCode >= 500)
        {
            journal.Problem($"{method} {path} was answered {(int)answer.StatusCode}");
        }
    }

    // What a member that is down answers, or one that has just gone, is not judged: only that there is an answer.
    private async Task MemberAsync()
    {
        using var targets = JsonDocument.Parse(await _http.GetStringAsync("/sd/etcd"));
        var groups = targets.RootElement.EnumerateArray().ToList();
        if (groups.Count == 0)
        {
            return;
        }

        var labels = groups[_random.Next(groups.Count)].GetProperty("labels");
        var query = $"?cluster={labels.GetProperty("etcd_cluster").GetString()}&endpoint={labels.GetProperty("etcd_endpoint").GetString()}";
        try
        {
            using var answer = await _http.GetAsync("/etcd/metrics" + query);
            await answer.Content.ReadAsByteArrayAsync();
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            // the member ended amid its answer: the exporter can only break off, too
        }
    }

    private async Task AbortedAsync()
    {
        using var connection = new TcpClient { LingerState = new LingerOption(true, 0) }; // a reset, not an orderly end
        await connection.ConnectAsync(IPAddress.Loopback, port);
        await connection.GetStream().WriteAsync("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());
        await connection.GetStream().ReadExactlyAsync(new byte[_random.Next(1, 4000)]);
    }

    private async Task GarbageAsync()
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync(IPAddress.Loopback, port);
        var garbage = new byte[_random.Next(1, 3000)];
        _random.NextBytes(garbage);
        try
        {
            await connection.GetStream().WriteAsync(garbage);
        }
        catch (IOException)
        {
            // the exporter has had enough
        }
    }
}
