using EtcdProbeExporter.Configuration;
using EtcdProbeExporter.Credentials;
using EtcdProbeExporter.Monitoring;
using EtcdProbeExporter.Probing;
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
        await using var member = await TestServer.StartAsync(context => context.Response.WriteAsync(Metrics));
        var (witness, endpoint) = Witness(member);

        for (var i = 0; i < 3; i++)
        {
            witness.Due([endpoint]).Should().ContainSingle();
            await witness.AskAsync(endpoint.Address, CancellationToken.None);
            _time.Advance(TimeSpan.FromSeconds(4.9));
            witness.Due([endpoint]).Should().BeEmpty();
            _time.Advance(TimeSpan.FromSeconds(0.1));
        }

        var sight = Sight(witness, endpoint)!;
        sight.Readings.Should().HaveCount(2).And.OnlyContain(r => r.IsDefragmenting && r.LogSyncs == 7);
        (sight.Readings[1].At - sight.Readings[0].At).Should().Be(TimeSpan.FromSeconds(5));
        witness.Due([]).Should().BeEmpty();
        Sight(witness, endpoint).Should().BeNull();
    }

    [Theory]
    [InlineData(404, Metrics, "answered 404 for its metrics")]
    [InlineData(302, Metrics, "answered 302 for its metrics")]
    [InlineData(200, "<html>", "answered with something else than the metrics of etcd")]
    public async Task What_is_no_answer_is_an_objection(int status, string body, string objection)
    {
        await using var member = await TestServer.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            return context.Response.WriteAsync(body);
        });
        var (witness, endpoint) = Witness(member);

        witness.Due([endpoint]);
        await witness.AskAsync(endpoint.Address, CancellationToken.None);

        Sight(witness, endpoint)!.Should().Match<EtcdProbeExporter.Etcd.StorageSight>(s => s.Objection == objection && s.Readings.Count == 0);
    }

    [Fact]
    public async Task Nobody_there_is_an_objection()
    {
        var member = await TestServer.StartAsync(context => context.Response.WriteAsync(Metrics));
        var (witness, endpoint) = Witness(member);
        await member.DisposeAsync();

        witness.Due([endpoint]);
        await witness.AskAsync(endpoint.Address, CancellationToken.None);

        Sight(witness, endpoint)!.Objection.Should().Contain("refused");
    }

    private static EtcdProbeExporter.Etcd.StorageSight? Sight(StorageWitness witness, EndpointSnapshot endpoint) =>
        witness.AddTo(Reported.Snapshot([endpoint])).Endpoints.Single().Storage;

    private (StorageWitness Witness, EndpointSnapshot Endpoint) Witness(TestServer member)
    {
        EndpointAddress.TryParse(member.Address.Authority, false, out var address, out _).Should().BeTrue();
        var cluster = new ClusterConfiguration { Name = "c", Endpoints = [address!] };
        var context = new ClusterContext
        {
            Configuration = cluster,
            Credentials = ClusterCredentials.Open(cluster, NullLogger.Instance).Credentials!,
            Exporter = 1,
            Time = _time,
            Logger = NullLogger.Instance,
            Errors = TestParts.Errors(),
        };
        return (new StorageWitness(context), Reported.Endpoint(1, null) with { Address = address! });
    }
}
