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

    [Fact]
    public async Task Too_much_is_refused_and_not_passed_on_in_part()
    {
        await using var member = await StartAsync(async context =>
        {
            var chunk = new byte[1 << 20];
            try
            {
                for (var i = 0; i < 20; i++)
                {
                    await context.Response.Body.WriteAsync(chunk);
                }
            }
            catch (IOException)
            {
                // the reader has gone, as it should
            }
        });

        using var answer = await AskAsync(member);

        answer.StatusCode.Should().Be(HttpStatusCode.BadGateway);
    }

    [Fact]
    public async Task Half_a_body_is_no_answer()
    {
        await using var member = await StartAsync(async context =>
        {
            context.Response.ContentLength = 1000;
            await context.Response.WriteAsync("a 1\n");
            await context.Response.Body.FlushAsync();
            context.Abort();
        });

        using var answer = await AskAsync(member);

        answer.StatusCode.Should().Be(HttpStatusCode.BadGateway);
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
