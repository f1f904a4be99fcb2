using System.Text;
using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Etcd.Protos;
using EtcdProbeExporter.Grpc;
using static EtcdProbeExporter.Tests.Grpc.Hostile.RawFrames;

namespace EtcdProbeExporter.Tests.Grpc.Hostile;

/// <summary>One peer has one reason, whoever notices first that the connection is gone: a reason that flaps is a log line and a series each time.</summary>
[Collection(nameof(RunsAlone))]
public sealed class SteadyReasonTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(20);

    private static readonly Dictionary<string, (Action<RawConnection> Script, string Reason, string Text)> Peers = new()
    {
        ["resets at once"] = (peer => peer.Reset(), "unavailable", "without a word"),
        ["closes at once"] = (_ => { }, "unavailable", "without a word"),
        ["closes after the preface"] = (peer => peer.ReadPreface(), "unavailable", "without a word"),
        ["resets after the preface"] = (
            peer =>
            {
                peer.ReadPreface();
                peer.Reset();
            },
            "unavailable",
            "without a word"),
        ["closes after its SETTINGS"] = (peer => peer.Send(EmptySettings), "unavailable", "closed the connection"),
        ["closes after a request"] = (peer => peer.Open(), "unavailable", "closed the connection"),
        ["sends GOAWAY and closes"] = (peer => peer.Send(EmptySettings, Leave(0, 0)), "unavailable", "GOAWAY"),
        ["sends GOAWAY and stays"] = (
            peer =>
            {
                peer.Send(EmptySettings, Leave(0, 0));
                peer.Hang();
            },
            "unavailable",
            "GOAWAY"),
        ["SSH, closed"] = (peer => peer.Send(Encoding.ASCII.GetBytes("SSH-2.0-OpenSSH_9.6\r\n")), "protocol", "SSH server"),
        ["SSH, open"] = (
            peer =>
            {
                peer.Send(Encoding.ASCII.GetBytes("SSH-2.0-OpenSSH_9.6\r\n"));
                peer.Hang();
            },
            "protocol",
            "SSH server"),
        ["HTTP/1.1"] = (
            peer =>
            {
                peer.ReadPreface();
                peer.Send(Encoding.ASCII.GetBytes("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"));
            },
            "protocol",
            "HTTP/1"),
        ["a TLS port"] = (peer => peer.Send([0x15, 3, 1, 0, 2, 2, 70]), "tls", "use https"),
        ["broken frames"] = (
            peer =>
            {
                peer.Open();
                peer.Send(Frame(Settings, payload: [1, 2, 3]));
            },
            "protocol",
            "rules of HTTP/2"),
    };

    public static TheoryData<string> Names => [.. Peers.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_peer_always_has_the_same_reason(string name)
    {
        var (script, reason, text) = Peers[name];
        using var peer = new RawPeer(script);
        var failures = new List<GrpcFailure>();

        using (var shared = Connect(peer))
        {
            failures.AddRange(await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => CallAsync(shared))));
            for (var i = 0; i < 50; i++)
            {
                failures.Add(await CallAsync(shared));
            }
        }

        for (var i = 0; i < 50; i++)
        {
            using var fresh = Connect(peer);
            failures.AddRange(await Task.WhenAll(CallAsync(fresh), CallAsync(fresh), WatchAsync(fresh)));
        }

        failures.Select(f => FailureReasons.Classify(f).Label() + ": " + f.Detail).Should()
            .OnlyContain(f => f.StartsWith(reason + ": ") && f.Contains(text));
    }

    /// <summary>The handler's pool dials again for a request that a connection did not take: three times for each call.</summary>
    [Fact]
    public async Task A_peer_that_says_GOAWAY_first_is_dialed_once_for_a_call()
    {
        using var peer = new RawPeer(connection =>
        {
            connection.Send(EmptySettings, Leave(0, 0));
            connection.Hang();
        });
        using var connection = Connect(peer);

        var failure = await CallAsync(connection, TimeSpan.FromSeconds(2));
        var again = await CallAsync(connection, TimeSpan.FromSeconds(2));

        failure.Kind.Should().Be(GrpcFailureKind.ConnectionLost);
        again.Detail.Should().Be(failure.Detail, "it fails at once, for the reason that is known");
        peer.Accepted.Should().Be(1);
    }

    private static GrpcConnection Connect(RawPeer peer) => new(peer.Address, null, Long, _ => { }, TimeProvider.System);

    private static async Task<GrpcFailure> CallAsync(GrpcConnection connection, TimeSpan? timeout = null) =>
        (await connection.UnaryAsync(EtcdMethods.Status, new StatusRequest(), timeout ?? Long, GrpcMetadata.None, CancellationToken.None)).Failure!;

    private static async Task<GrpcFailure> WatchAsync(GrpcConnection connection) =>
        (await connection.OpenStreamAsync(EtcdMethods.Watch, new WatchRequest(), Long, GrpcMetadata.None, CancellationToken.None)).Failure!;
}
