using System.IO.Compression;
using System.Net;
using EtcdProbeExporter.Metrics;
using EtcdProbeExporter.Supervision;
using EtcdProbeExporter.Tests.Metrics;
using EtcdProbeExporter.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace EtcdProbeExporter.Tests.Web;

public sealed class MetricsEndpointTests : IAsyncLifetime, IDisposable
{
    private readonly MetricRegistry _registry = new(TimeProvider.System);
    private readonly SeriesOwner _owner = new();
    private readonly RecordingLogger<MetricsEndpoint> _log = new();
    private readonly WebApplication _server;

    // No decompression of its own: the tests look at what is on the wire.
    private readonly HttpClient _client = new(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None });

    public MetricsEndpointTests()
    {
        var family = _registry.Counter("requests_total", "Help with a ü.", "n");
        for (var n = 0; n < 3000; n++)
        {
            family.With(_owner, $"{n}");
        }

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _server = builder.Build();
        _server.Run(new MetricsEndpoint(_registry, new InternalErrors(TimeProvider.System, _log)).HandleAsync);
    }

    public async Task InitializeAsync()
    {
        await _server.StartAsync();
        _client.BaseAddress = new Uri(_server.Urls.Single());
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose()
    {
        _client.Dispose();
        _owner.Dispose();
    }

    [Fact]
    public async Task A_scrape_is_text_of_known_length()
    {
        using var response = await _client.GetAsync("/metrics");

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        Header(response, "Content-Type").Should().Be("text/plain; version=0.0.4; charset=utf-8");
        Header(response, "Vary").Should().Be("Accept, Accept-Encoding");
        response.Content.Headers.ContentEncoding.Should().BeEmpty();
        var body = await response.Content.ReadAsByteArrayAsync();
        response.Headers.TransferEncodingChunked.Should().NotBe(true);
        Header(response, "Content-Length").Should().Be($"{body.Length}");
        ExpositionText.Parse(System.Text.Encoding.UTF8.GetString(body)).Samples("requests_total").Should().HaveCount(3000);
    }

    [Fact]
    public async Task Gzip_is_sent_to_those_who_ask_and_holds_the_same_body()
    {
        var plain = await _client.GetByteArrayAsync("/metrics");

        using var response = await SendAsync(HttpMethod.Get, ("Accept-Encoding", "gzip"));

        response.Content.Headers.ContentEncoding.Should().Equal("gzip");
        Header(response, "Content-Type").Should().Be("text/plain; version=0.0.4; charset=utf-8");
        Header(response, "Vary").Should().Be("Accept, Accept-Encoding");
        var compressed = await response.Content.ReadAsByteArrayAsync();
        Header(response, "Content-Length").Should().Be($"{compressed.Length}");
        compressed.Length.Should().BeLessThan(plain.Length / 4);
        var unpacked = new MemoryStream();
        await new GZipStream(new MemoryStream(compressed), CompressionMode.Decompress).CopyToAsync(unpacked);
        unpacked.ToArray().Should().Equal(plain);
    }

    [Fact]
    public async Task Gzip_is_not_sent_to_those_who_refuse_it()
    {
        using var response = await SendAsync(HttpMethod.Get, ("Accept-Encoding", "gzip;q=0, deflate"));

        response.Content.Headers.ContentEncoding.Should().BeEmpty();
        ExpositionText.Parse(await response.Content.ReadAsStringAsync()).Families.Should().HaveCount(1);
    }

    [Fact]
    public async Task A_failing_collector_makes_an_error_without_metrics_and_a_log_entry()
    {
        _registry.AddCollector(_ => throw new InvalidOperationException("the secret reason"));

        using var response = await SendAsync(HttpMethod.Get, ("Accept-Encoding", "gzip"));

        response.StatusCode.Should().Be(HttpStatusCode.InternalServerError);
        Header(response, "Content-Type").Should().Be("text/plain; charset=utf-8");
        (await response.Content.ReadAsStringAsync()).Should().Be("Collecting the metrics failed; the exporter's log says why.\n");
        var entry = _log.Entries.Should().ContainSingle().Subject;
        entry.Level.Should().Be(LogLevel.Error);
        entry.Exception!.Message.Should().Be("the secret reason");
    }

    [Fact]
    public async Task A_scrape_after_a_failed_one_works()
    {
        var isBroken = true;
        _registry.AddCollector(_ =>
        {
            if (isBroken)
            {
                throw new InvalidOperationException();
            }
        });
        (await _client.GetAsync("/metrics")).StatusCode.Should().Be(HttpStatusCode.InternalServerError);

        isBroken = false;

        (await _client.GetAsync("/metrics")).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Head_gives_the_headers_of_a_scrape_and_no_body()
    {
        var length = (await _client.GetByteArrayAsync("/metrics")).Length;

        using var response = await SendAsync(HttpMethod.Head);

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        Header(response, "Content-Type").Should().Be("text/plain; version=0.0.4; charset=utf-8");
        Header(response, "Content-Length").Should().Be($"{length}");
        (await response.Content.ReadAsByteArrayAsync()).Should().BeEmpty();
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("OPTIONS")]
    public async Task Other_methods_are_not_allowed(string method)
    {
        using var response = await SendAsync(new HttpMethod(method));

        response.StatusCode.Should().Be(HttpStatusCode.MethodNotAllowed);
        response.Content.Headers.Allow.Should().Equal("GET", "HEAD");
        (await response.Content.ReadAsByteArrayAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task Overlapping_scrapes_are_each_complete()
    {
        var bodies = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => _client.GetStringAsync("/metrics")));

        foreach (var body in bodies)
        {
            ExpositionText.Parse(body).Samples("requests_total").Should().HaveCount(3000);
        }
    }

    private static string Header(HttpResponseMessage response, string name) =>
        response.Headers.NonValidated.TryGetValues(name, out var values)
        || response.Content.Headers.NonValidated.TryGetValues(name, out values)
            ? values.ToString()
            : "";

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, "/metrics");
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await _client.SendAsync(request);
    }
}
