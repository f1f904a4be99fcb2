using System.Net;
using EtcdProbeExporter.Configuration;
using EtcdProbeExporter.Credentials;
using EtcdProbeExporter.MemberMetrics;
using EtcdProbeExporter.Tests.Web;
using Microsoft.Extensions.Logging.Abstractions;

namespace EtcdProbeExporter.Tests.MemberMetrics;

/// <summary>Alone, because what is counted is what the whole process allocates.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

[Collection(nameof(Alone))]
public sealed class MemberMetricsMemoryTests
{
    private const int Size = 15_000_000;

    [Fact]
    public async Task Fifty_fetches_of_15_MB_at_once_take_next_to_no_memory()
    {
        var chunk = new byte[100_000];
        await using var member = await TestServer.StartAsync(async context =>
        {
            for (var sent = 0; sent < Size; sent += chunk.Length)
            {
                await context.Response.Body.WriteAsync(chunk);
            }
        });
        var endpoint = new EndpointAddress("http", member.Address.Host, member.Address.Port);
        var cluster = new ClusterConfiguration { Name = "c", Endpoints = [endpoint] };
        var sut = new MemberMetricsEndpoint(() => [new MemberTarget(cluster, ClusterCredentials.Open(cluster, NullLogger.Instance).Credentials!, endpoint, "m", true)]);
        await using var exporter = await TestServer.StartAsync(sut.HandleAsync);
        using var http = new HttpClient { BaseAddress = exporter.Address };
        var path = $"/etcd/metrics?cluster=c&endpoint={Uri.EscapeDataString(endpoint.Label)}";
        (await ReadAsync(http, path)).Should().Be((HttpStatusCode.OK, Size));

        var before = GC.GetTotalAllocatedBytes(precise: true);
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => ReadAsync(http, path)));
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;

        answers.Where(a => a.Status != HttpStatusCode.ServiceUnavailable).Should().OnlyContain(a => a.Status == HttpStatusCode.OK && a.Length == Size);
        answers.Count(a => a.Status == HttpStatusCode.OK).Should().BeGreaterThanOrEqualTo(1 + FetchTurns.MostWaiting);
        allocated.Should().BeLessThan(Size * 2, "a buffer per body would be 50 times its size, and more");
    }

    private static async Task<(HttpStatusCode Status, long Length)> ReadAsync(HttpClient http, string path)
    {
        using var answer = await http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead);
        if (answer.StatusCode == HttpStatusCode.ServiceUnavailable)
        {
            answer.Headers.RetryAfter!.Delta.Should().Be(TimeSpan.FromSeconds(1));
        }

        await using var body = await answer.Content.ReadAsStreamAsync();
        var buffer = new byte[16 * 1024];
        var length = 0L;
        while (await body.ReadAsync(buffer) is > 0 and var read)
        {
            length += read;
        }

        return (answer.StatusCode, length);
    }
}
