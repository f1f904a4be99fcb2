using System.Net.Sockets;
using System.Net;
using System.Text;
using EtcdProbeExporter.Configuration;
using EtcdProbeExporter.Credentials;
using EtcdProbeExporter.MemberMetrics;
using EtcdProbeExporter.Metrics;
using EtcdProbeExporter.Supervision;
using EtcdProbeExporter.Web;
using Microsoft.Extensions.Logging.Abstractions;

namespace EtcdProbeExporter.Tests.Web;

/// <summary>The exporter's HTTP side as a whole, over real sockets: what hostile or broken requests get.</summary>
public sealed class RoutesTests : IAsyncLifetime
{
    private readonly RecordingLogger<Routes> _log = new();
    private readonly InternalErrors _errors;
    private TestServer _server = null!;
    private int _reloads;
    private Func<string> _page = () => "<p>page</p>";
    private Func<byte[]> _status = () => "{}"u8.ToArray();
    private Uri? _externalUrl;

    public RoutesTests()
    {
        _errors = new InternalErrors(TimeProvider.System, _log);
    }

    public async Task InitializeAsync() => _server = await TestServer.StartAsync(context => Routes().HandleAsync(context));

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("GET", "/metrics", 200)]
    [InlineData("POST", "/metrics", 405)]
    [InlineData("GET", "/", 200)]
    [InlineData("GET", "/api/v1/status", 200)]
    [InlineData("GET", "/sd/etcd", 200)]
    [InlineData("GET", "/etcd/metrics", 404)]
    [InlineData("GET", "/-/healthy", 200)]
    [InlineData("GET", "/-/ready", 200)]
    [InlineData("GET", "/-/reload", 405)]
    [InlineData("POST", "/-/reload", 200)]
    [InlineData("GET", "/elsewhere", 404)]
    public async Task No_answer_is_kept_or_taken_for_something_else(string method, string path, int status)
    {
        using var answer = await SendAsync(method, path);

        ((int)answer.StatusCode).Should().Be(status);
        answer.Headers.GetValues("X-Content-Type-Options").Should().Equal("nosniff");
        answer.Headers.CacheControl!.NoStore.Should().BeTrue();
    }

    [Theory]
    [InlineData("exporter:10379")]
    [InlineData("10.0.0.1")]
    [InlineData("[::1]:10379")]
    public async Task A_proper_host_becomes_the_target(string host) =>
        (await RawAsync("/sd/etcd", host)).Should().StartWith("HTTP/1.1 200").And.Contain($"\"targets\":[\"{host}\"]");

    [Theory]
    [InlineData("")]
    [InlineData(":10379")]
    [InlineData("a:b")]
    [InlineData("a:99999")]
    [InlineData("a%zz")]
    [InlineData("[::1]179")]
    [InlineData("[::1")]
    public async Task Any_other_host_is_refused(string host) =>
        (await RawAsync("/sd/etcd", host)).Should().StartWith("HTTP/1.1 400").And.NotContain("targets\":");

    [Fact]
    public async Task The_refusal_says_what_to_do_and_direct_targets_need_no_host()
    {
        (await RawAsync("/sd/etcd", "")).Should().Contain("set --web.external-url");
        (await RawAsync("/sd/etcd?direct=true", "")).Should().StartWith("HTTP/1.1 200").And.Contain("\"targets\":[\"m1:2379\"]");
    }

    [Fact]
    public async Task An_external_address_beats_the_host()
    {
        _externalUrl = new Uri("https://mon.example/probe/");

        (await RawAsync("/sd/etcd", "")).Should().Contain("\"targets\":[\"mon.example\"]")
            .And.Contain("\"__scheme__\":\"https\"").And.Contain("\"__metrics_path__\":\"/probe/etcd/metrics\"");
    }

    [Theory]
    [InlineData("Origin", "http://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Origin", "http://127.0.0.1:1")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    public async Task A_page_of_another_origin_cannot_reload(string header, string value)
    {
        using var answer = await SendAsync("POST", "/-/reload", (header, value));

        answer.StatusCode.Should().Be(HttpStatusCode.Forbidden);
        _reloads.Should().Be(0);
    }

    [Theory]
    [InlineData("Origin", "own")]
    [InlineData("Origin", "https://mon.example")]
    [InlineData("Sec-Fetch-Site", "same-origin")]
    [InlineData("Sec-Fetch-Site", "none")]
    public async Task Programs_people_and_our_own_page_can(string header, string value)
    {
        _externalUrl = new Uri("https://mon.example/probe");

        using var answer = await SendAsync("POST", "/-/reload", (header, value == "own" ? $"http://{_server.Address.Authority}" : value));

        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        _reloads.Should().Be(1);
    }

    [Fact]
    public async Task A_defect_in_one_request_is_told_and_counted_and_no_other_request_notices()
    {
        _page = () => throw new InvalidOperationException("the secret reason");
        _status = () => throw new NotSupportedException();

        using var answer = await SendAsync("GET", "/");
        using var status = await SendAsync("GET", "/api/v1/status");
        using var healthy = await SendAsync("GET", "/-/healthy");

        answer.StatusCode.Should().Be(HttpStatusCode.InternalServerError);
        answer.Content.Headers.ContentType!.ToString().Should().Be("text/plain; charset=utf-8");
        answer.Headers.GetValues("X-Content-Type-Options").Should().Equal("nosniff");
        (await answer.Content.ReadAsStringAsync()).Should().Be("a defect of the exporter; its log says more\n");
        status.StatusCode.Should().Be(HttpStatusCode.InternalServerError);
        healthy.StatusCode.Should().Be(HttpStatusCode.OK);
        _errors.Count(ExporterPart.Page).Should().Be(2);
        _log.Entries.Should().Contain(e => e.Message.Contains("page (/)") && e.Exception is InvalidOperationException);
    }

    private Routes Routes() => new(
        new Served
        {
            TelemetryPath = "/metrics",
            ExternalUrl = _externalUrl,
            Page = () => _page(),
            Status = () => _status(),
            Ready = () => true,
            Reload = () =>
            {
                _reloads++;
                return Task.FromResult<IReadOnlyList<string>>([]);
            },
        },
        new MetricsEndpoint(new MetricRegistry(TimeProvider.System), _errors),
        () => [new MemberTarget(Cluster, ClusterCredentials.Open(Cluster, NullLogger.Instance).Credentials!, Cluster.Endpoints[0], "m1", true)],
        _errors);

    private static readonly ClusterConfiguration Cluster = new() { Name = "c", Endpoints = [new EndpointAddress("http", "m1", 2379)] };

    private async Task<HttpResponseMessage> SendAsync(string method, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await _server.Client.SendAsync(request);
    }

    /// <summary>By hand, since no client library sends such hosts.</summary>
    private async Task<string> RawAsync(string path, string host)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(_server.Address.Host, _server.Address.Port);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"));
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }
}
