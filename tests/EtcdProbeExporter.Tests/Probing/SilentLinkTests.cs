using System.Net;
using System.Net.Sockets;
using EtcdProbeExporter.Configuration;
using EtcdProbeExporter.Credentials;
using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Etcd.Protos;
using EtcdProbeExporter.Grpc;
using EtcdProbeExporter.Probing;
using EtcdProbeExporter.Probing.Links;
using EtcdProbeExporter.Tests.Grpc;
using EtcdProbeExporter.Tests.Supervision;
using Microsoft.Extensions.Logging.Abstractions;

namespace EtcdProbeExporter.Tests.Probing;

/// <summary>An address that accepts and stays silent, and a name that leads elsewhere by now.</summary>
public sealed class SilentLinkTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(400);

    private readonly TcpListener _silent = new(IPAddress.Parse("127.0.0.2"), 0);
    private readonly CancellationTokenSource _stop = new();
    private volatile string _leadsTo = "127.0.0.2";
    private int _proved;

    public SilentLinkTests()
    {
        _silent.Start();
    }

    [Fact]
    public async Task A_member_that_moved_is_found_while_its_old_address_stays_silent()
    {
        using var link = Start();
        (await StatusAsync(link)).Failure!.Kind.Should().Be(GrpcFailureKind.Deadline);
        await using var moved = await GrpcTestServer.StartAsync(
            context => GrpcTestServer.AnswerAsync(context, new StatusResponse { Header = new ResponseHeader { MemberId = 3 } }),
            listenOn: new IPEndPoint(IPAddress.Parse("127.0.0.3"), Port));
        _leadsTo = "127.0.0.3";

        GrpcCallResult<StatusResponse> answer = default;
        for (var i = 0; i < 20 && !answer.IsOk; i++)
        {
            answer = await StatusAsync(link);
        }

        answer.IsOk.Should().BeTrue();
    }

    [Fact]
    public async Task A_silent_member_is_not_hammered()
    {
        using var link = Start();
        for (var i = 0; i < 10; i++)
        {
            (await StatusAsync(link)).IsOk.Should().BeFalse();
        }

        _proved.Should().BeInRange(1, 3, "after two timeouts, a second later, and two seconds after that");
    }

    [Fact]
    public void Tries_are_further_and_further_apart_unless_the_name_leads_elsewhere()
    {
        var backoff = new SilenceBackoff();
        var tries = Enumerable.Range(0, 100).Where(s => backoff.MayTry(TimeSpan.FromSeconds(s), "10.0.0.1")).ToList();

        tries.Should().Equal(0, 1, 3, 7, 15, 31, 61, 91);
        backoff.MayTry(TimeSpan.FromSeconds(100), "").Should().BeFalse("a lookup that fails says nothing");
        backoff.MayTry(TimeSpan.FromSeconds(100), "10.0.0.2").Should().BeTrue("it moved");
        backoff.MayTry(TimeSpan.FromSeconds(100.5), "10.0.0.2").Should().BeFalse();
        backoff.Reset();
        backoff.MayTry(TimeSpan.FromSeconds(100.6), "10.0.0.2").Should().BeTrue();
    }

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
        _silent.Dispose();
    }

    private int Port => ((IPEndPoint)_silent.LocalEndpoint).Port;

    private static Task<GrpcCallResult<StatusResponse>> StatusAsync(RotatingLink link) =>
        link.UseAsync(client => client.StatusAsync(Limit, CancellationToken.None));

    private RotatingLink Start()
    {
        var cluster = new ClusterConfiguration
        {
            Name = "c",
            Endpoints = [new EndpointAddress("http", "etcd.test", Port)],
            Probe = new ProbeConfiguration { Interval = TimeSpan.FromMilliseconds(100), Timeout = Limit },
        };
        var context = new ClusterContext
        {
            Configuration = cluster,
            Credentials = ClusterCredentials.Open(cluster, NullLogger.Instance).Credentials!,
            Exporter = 1,
            Time = TimeProvider.System,
            Logger = NullLogger.Instance,
            Errors = TestParts.Errors(),
            Lookup = (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse(_leadsTo)]),
        };
        var link = new RotatingLink(cluster.Endpoints[0], context, static _ => { });
        _ = link.RotateAsync(ProveAsync, _stop.Token);
        return link;
    }

    private async Task<string?> ProveAsync(EtcdClient client, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _proved);
        return (await client.StatusAsync(Limit, cancellationToken)).Failure?.Detail;
    }
}
