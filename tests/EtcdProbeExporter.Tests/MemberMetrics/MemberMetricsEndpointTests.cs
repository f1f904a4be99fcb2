using System.Net;
using EtcdProbeExporter.Configuration;
using EtcdProbeExporter.Credentials;
using EtcdProbeExporter.MemberMetrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace EtcdProbeExporter.Tests.MemberMetrics;

/// <summary>What etcd would never do: answer too much, too late, half, or with a redirect.</summary>
public sealed class MemberMetricsEndpointTests
{
    [Fact]
    public async Task Body_and_content_type_pass_unchanged_and_the_wish_for_a_format_reaches_the_member()
    {
        string? accept = null;
        await using var member = await StartAsync(async context =>
        {
            accept = context.Request.Headers.Accept;
            context.Response.ContentType = "application/openmetrics-text; version=1.0.0";
            await context.Response.WriteAsync("a 1\n# EOF\n");
        });

        using var answer = await AskAsync(member, headers: [("Accept", "application/openmetrics-text;q=1")]);

        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        (await answer.Content.ReadAsStringAsync()).Should().Be("a 1\n# EOF\n");
        answer.Content.Headers.ContentType!.ToString().Should().Be("application/openmetrics-text; version=1.0.0");
        accept.Should().Be("application/openmetrics-text;q=1");
    }

    [Theory]
    [InlineData("?cluster=c&endpoint=other:1")]
    [InlineData("?cluster=other&endpoint=E")]
    [InlineData("?endpoint=E")]
    [InlineData("")]
    public async Task Whoever_is_not_probed_cannot_be_asked(string query)
    {
        var asked = false;
        await using var member = await StartAsync(_ =>
        {
            asked = true;
            return Task.CompletedTask;
        });

        using var answer = await AskAsync(member, query);

        answer.StatusCode.Should().Be(HttpStatusCode.NotFound);
        asked.Should().BeFalse();
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var member = await StartAsync(context =>
        {
            context.Response.Redirect("http://169.254.169.254/");
            return Task.CompletedTask;
        });

        using var answer = await AskAsync(member);

        answer.StatusCode.Should().Be(HttpStatusCode.BadGateway);
        (await answer.Content.ReadAsStringAsync()).Should().Contain("answered 302");
    }

    [Theory]
    [InlineData("text/html", "text/plain; charset=utf-8")]
    [InlineData("image/svg+xml", "text/plain; charset=utf-8")]
    [InlineData("nonsense", "text/plain; charset=utf-8")]
    [InlineData("text/plain; version=0.0.4", "text/plain; version=0.0.4")]
    [InlineData("application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited", "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited")]
    public async Task Only_a_type_of_metrics_is_passed_on(string said, string passedOn)
    {
        await using var member = await StartAsync(async context =>
        {
            context.Response.ContentType = said;
            await context.Response.WriteAsync("<script>alert(1)</script>");
        });

        using var answer = await AskAsync(member);

        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        answer.Content.Headers.NonValidated["Content-Type"].ToString().Should().Be(passedOn);
    }

    [Fact]
    public async Task No_trace_context_reaches_the_member_and_no_encoding_is_asked_for_but_one_that_comes_is_told()
    {
        IHeaderDictionary? sent = null;
        await using var member = await StartAsync(async context =>
        {
            sent = context.Request.Headers;
            context.Response.Headers.ContentEncoding = "gzip";
            await context.Response.Body.WriteAsync(new byte[] { 0x1f, 0x8b });
        });

        using var activity = new System.Diagnostics.Activity("scrape").Start();
        using var answer = await AskAsync(member);

        sent.Should().NotContainKeys("traceparent", "Request-Id", "Accept-Encoding");
        answer.Content.Headers.ContentEncoding.Should().Equal("gzip");
        (await answer.Content.ReadAsByteArrayAsync()).Should().Equal(0x1f, 0x8b);
    }

    [Fact]
    public async Task A_body_of_many_blocks_arrives_whole()
    {
        var body = new byte[3_000_001];
        new Random(1).NextBytes(body);
        await using var member = await StartAsync(context => context.Response.Body.WriteAsync(body).AsTask());

        using var answer = await AskAsync(member);

        (await answer.Content.ReadAsByteArrayAsync()).Should().Equal(body);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Too_much_never_looks_like_a_whole_body(bool told)
    {
        await using var member = await StartAsync(async context =>
        {
            context.Response.ContentLength = told ? 20 << 20 : null;
            await FloodAsync(context, 20);
        });

        await FailsAsync(member, toldByStatus: told);
    }

    [Theory]
    [InlineData(4, true)]
    [InlineData(1 << 20, false)]
    public async Task A_body_that_breaks_off_never_looks_like_a_whole_one(int sent, bool toldByStatus)
    {
        await using var member = await StartAsync(async context =>
        {
            context.Response.ContentLength = 2 << 20;
            await context.Response.Body.WriteAsync(new byte[sent]);
            await context.Response.Body.FlushAsync();
            context.Abort();
        });

        await FailsAsync(member, toldByStatus);
    }

    [Fact]
    public async Task A_body_that_stands_still_never_looks_like_a_whole_one()
    {
        var hang = new TaskCompletionSource();
        await using var member = await StartAsync(async context =>
        {
            await context.Response.Body.WriteAsync(new byte[1 << 20]);
            await hang.Task;
        });

        await FailsAsync(member, toldByStatus: false, ("X-Prometheus-Scrape-Timeout-Seconds", "1"));
        hang.SetResult();
    }

    private static async Task FailsAsync(WebApplication member, bool toldByStatus, params (string Name, string Value)[] headers)
    {
        var asking = () => AskAsync(member, headers: headers);
        if (toldByStatus)
        {
            using var answer = await asking();
            answer.StatusCode.Should().Be(HttpStatusCode.BadGateway);
        }
        else
        {
            await asking.Should().ThrowAsync<HttpRequestException>("the connection breaks within the body");
        }
    }

    private static async Task FloodAsync(HttpContext context, int megabytes)
    {
        var chunk = new byte[1 << 20];
        try
        {
            for (var i = 0; i < megabytes; i++)
            {
                await context.Response.Body.WriteAsync(chunk, context.RequestAborted);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // the reader has gone, as it should
        }
    }

    [Fact]
    public async Task A_member_that_hangs_is_given_up_before_the_scraper_gives_up()
    {
        var hang = new TaskCompletionSource();
        await using var member = await StartAsync(_ => hang.Task);

        using var answer = await AskAsync(member, headers: [("X-Prometheus-Scrape-Timeout-Seconds", "1")]);

        hang.SetResult();
        answer.StatusCode.Should().Be(HttpStatusCode.GatewayTimeout);
        (await answer.Content.ReadAsStringAsync()).Should().Contain("within 0.75 s");
    }

    [Theory]
    [InlineData("15", 14.75)]
    [InlineData("0.2", 0.1)]
    [InlineData("", 10)]
    [InlineData("-1", 10)]
    [InlineData("x", 10)]
    [InlineData("1e9", 10)]
    [InlineData("3599", 120)]
    public void The_scrapers_timeout_bounds_ours(string header, double seconds) =>
        MemberMetricsEndpoint.TimeoutOf(header).Should().Be(TimeSpan.FromSeconds(seconds));

    private static async Task<HttpResponseMessage> AskAsync(
        WebApplication member, string query = "?cluster=c&endpoint=E", params (string Name, string Value)[] headers)
    {
        var address = new Uri(member.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        var endpoint = new EndpointAddress("http", address.Host, address.Port);
        var cluster = new ClusterConfiguration { Name = "c", Endpoints = [endpoint] };
        var sut = new MemberMetricsEndpoint(() => [new MemberTarget(cluster, ClusterCredentials.Open(cluster, NullLogger.Instance).Credentials!, endpoint, "m", true)]);
        await using var exporter = await StartAsync(sut.HandleAsync);
        using var http = new HttpClient { BaseAddress = new Uri(exporter.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()) };
        using var request = new HttpRequestMessage(HttpMethod.Get, "/etcd/metrics" + query.Replace("E", Uri.EscapeDataString(endpoint.Label), StringComparison.Ordinal));
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await http.SendAsync(request);
    }

    private static async Task<WebApplication> StartAsync(RequestDelegate handle)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        app.Run(handle);
        await app.StartAsync();
        return app;
    }
}
