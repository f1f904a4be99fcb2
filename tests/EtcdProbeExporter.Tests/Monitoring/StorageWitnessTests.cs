using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using EtcdProbeExporter.Configuration;
using EtcdProbeExporter.Credentials;
using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Monitoring;
using EtcdProbeExporter.Probing;
using EtcdProbeExporter.Probing.Endpoints;
using EtcdProbeExporter.Tests.Status;
using EtcdProbeExporter.Tests.Supervision;
using EtcdProbeExporter.Tests.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace EtcdProbeExporter.Tests.Monitoring;

/// <summary>How often a member is asked for its own metrics, and what becomes of answers that etcd would not give.</summary>
public sealed class StorageWitnessTests
{
    private const string Metrics = "etcd_disk_defrag_inflight 1\netcd_disk_wal_fsync_duration_seconds_count 7\n";

    private readonly ManualTime _time = new();

    [Fact]
    public async Task It_is_asked_every_five_seconds_while_it_hangs_and_then_forgotten()
    {
        var formats = new ConcurrentQueue<string>();
        await using var member = await TestServer.StartAsync(context =>
        {
            formats.Enqueue(context.Request.Headers.Accept.ToString());
            return context.Response.WriteAsync(Metrics);
        });
        var (witness, endpoint) = Witness(member);

        for (var i = 0; i < 3; i++)
        {
            Due(witness, endpoint).Should().ContainSingle();
            await witness.AskAsync(endpoint.Address, CancellationToken.None);
            _time.Advance(TimeSpan.FromSeconds(4.9));
            Due(witness, endpoint).Should().BeEmpty();
            _time.Advance(TimeSpan.FromSeconds(0.1));
        }

        var sight = Sight(witness, endpoint)!;
        sight.Readings.Should().HaveCount(2).And.OnlyContain(r => r.IsDefragmenting && r.LogSyncs == 7);
        (sight.Readings[1].At - sight.Readings[0].At).Should().Be(TimeSpan.FromSeconds(5));
        formats.Should().Equal(["", "", ""], "the text format is what whoever names none gets");
        Due(witness).Should().BeEmpty();
        Sight(witness, endpoint).Should().BeNull();
    }

    [Theory]
    [InlineData(404, Metrics, "answered 404 for its metrics")]
    [InlineData(302, Metrics, "answered 302 for its metrics")]
    [InlineData(200, "<html>", "answered with something else than the metrics of etcd")]
    [InlineData(200, Metrics, "answered in an encoding that nobody asked for", "gzip")]
    [InlineData(200, Metrics, "answered in an encoding that nobody asked for", "br")]
    [InlineData(404, Metrics, "answered 404 for its metrics", "gzip")]
    public async Task What_is_no_answer_is_an_objection(int status, string body, string objection, string? encoding = null)
    {
        await using var member = await TestServer.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.ContentEncoding = encoding;
            return context.Response.WriteAsync(body);
        });
        var (witness, endpoint) = Witness(member);

        Due(witness, endpoint);
        await witness.AskAsync(endpoint.Address, CancellationToken.None);

        Sight(witness, endpoint)!.Should().Match<StorageSight>(s => s.Objection == objection && s.Readings.Count == 0);
    }

    [Fact]
    public async Task Nobody_there_is_an_objection()
    {
        var member = await TestServer.StartAsync(context => context.Response.WriteAsync(Metrics));
        var (witness, endpoint) = Witness(member);
        await member.DisposeAsync();

        Due(witness, endpoint);
        await witness.AskAsync(endpoint.Address, CancellationToken.None);

        Sight(witness, endpoint)!.Objection.Should().Be("Connection refused");
    }

    [Fact]
    public void Of_all_endpoints_only_those_that_hang_are_asked()
    {
        var witness = new StorageWitness(Context(Reported.Endpoint(1, null).Address));
        IReadOnlyList<EndpointSnapshot> endpoints = [Reported.Endpoint(1, null), Reported.Endpoint(2, null), Reported.Endpoint(3, null)];

        Asked("m1:2379", "m3:2379").Should().Equal("m1:2379", "m3:2379");
        Asked("m1:2379", "m2:2379", "m3:2379").Should().Equal(["m2:2379"], "the others have just been asked");
        Asked("m3:2379").Should().BeEmpty();
        Asked("m1:2379", "m3:2379").Should().Equal(["m1:2379"], "it answered in between: this is another hang");

        IEnumerable<string> Asked(params string[] hang) => witness.Due(endpoints, hang).Select(e => e.Address.Label);
    }

    [Fact]
    public async Task A_member_that_does_not_answer_within_two_seconds_has_not_answered()
    {
        var hangs = new TaskCompletionSource();
        await using var member = await TestServer.StartAsync(_ => hangs.Task);
        var (witness, endpoint) = Witness(member);
        Due(witness, endpoint);

        var asking = witness.AskAsync(endpoint.Address, CancellationToken.None);
        _time.Advance(TimeSpan.FromSeconds(1.9));
        asking.IsCompleted.Should().BeFalse();
        _time.Advance(TimeSpan.FromSeconds(0.1));
        await asking;

        Sight(witness, endpoint)!.Objection.Should().Be("did not answer within 2 s");
        hangs.SetResult();
    }

    [Fact]
    public async Task Whoever_stops_asking_has_no_answer_to_tell_of()
    {
        var hangs = new TaskCompletionSource();
        await using var member = await TestServer.StartAsync(_ => hangs.Task);
        var (witness, endpoint) = Witness(member);
        using var stop = new CancellationTokenSource();
        Due(witness, endpoint);

        var asking = witness.AskAsync(endpoint.Address, stop.Token);
        await stop.CancelAsync();

        await FluentActions.Awaiting(() => asking).Should().ThrowAsync<OperationCanceledException>();
        Sight(witness, endpoint).Should().Be(StorageSight.None);
        hangs.SetResult();
    }

    [Fact]
    public async Task An_objection_leaves_what_was_read_before_and_ends_with_the_next_answer()
    {
        var status = 200;
        await using var member = await TestServer.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            return context.Response.WriteAsync(Metrics);
        });
        var (witness, endpoint) = Witness(member);

        async Task<(int Readings, string? Objection)> AskAsync(int answer)
        {
            status = answer;
            _time.Advance(TimeSpan.FromSeconds(5));
            Due(witness, endpoint);
            await witness.AskAsync(endpoint.Address, CancellationToken.None);
            var sight = Sight(witness, endpoint)!;
            return (sight.Readings.Count, sight.Objection);
        }

        (await AskAsync(200)).Should().Be((1, null));
        (await AskAsync(503)).Should().Be((1, "answered 503 for its metrics"));
        (await AskAsync(200)).Should().Be((2, null));
    }

    [Fact]
    public async Task An_answer_that_comes_when_the_hang_is_over_is_not_kept()
    {
        await using var member = await TestServer.StartAsync(context => context.Response.WriteAsync(Metrics));
        var (witness, endpoint) = Witness(member);

        await witness.AskAsync(endpoint.Address, CancellationToken.None);

        Sight(witness, endpoint).Should().BeNull();
    }

    [Fact]
    public async Task Of_what_the_peer_wrote_two_hundred_characters_are_passed_on()
    {
        using var peer = new TcpListener(IPAddress.Loopback, 0);
        peer.Start();
        var answering = AnswerAsync($"HTTP/1.1 200 OK\r\n{new string('x', 1000)}\r\n\r\n");
        EndpointAddress.TryParse(peer.LocalEndpoint.ToString()!, false, out var address, out _).Should().BeTrue();
        var witness = new StorageWitness(Context(address!));
        var endpoint = Reported.Endpoint(1, null) with { Address = address! };
        Due(witness, endpoint);

        await witness.AskAsync(address!, CancellationToken.None);
        await answering;

        Sight(witness, endpoint)!.Objection.Should().HaveLength(200).And.Contain("xxx");

        async Task AnswerAsync(string text)
        {
            using var connection = await peer.AcceptTcpClientAsync();
            await using var stream = connection.GetStream();
            await stream.ReadExactlyAsync(new byte[1]);
            await stream.WriteAsync(Encoding.ASCII.GetBytes(text));
        }
    }

    private static IReadOnlyList<EndpointSnapshot> Due(StorageWitness witness, params EndpointSnapshot[] hanging) =>
        witness.Due(hanging, [.. hanging.Select(e => e.Address.Label)]);

    private static StorageSight? Sight(StorageWitness witness, EndpointSnapshot endpoint) =>
        witness.AddTo(Reported.Snapshot([endpoint])).Endpoints.Single().Storage;

    private (StorageWitness Witness, EndpointSnapshot Endpoint) Witness(TestServer member)
    {
        EndpointAddress.TryParse(member.Address.Authority, false, out var address, out _).Should().BeTrue();
        return (new StorageWitness(Context(address!)), Reported.Endpoint(1, null) with { Address = address! });
    }

    private ClusterContext Context(EndpointAddress endpoint)
    {
        var cluster = new ClusterConfiguration { Name = "c", Endpoints = [endpoint] };
        return new ClusterContext
        {
            Configuration = cluster,
            Credentials = ClusterCredentials.Open(cluster, NullLogger.Instance).Credentials!,
            Exporter = 1,
            Time = _time,
            Logger = NullLogger.Instance,
            Errors = TestParts.Errors(),
        };
    }
}
