using System.Text;
using static EtcdProbeExporter.Tests.Grpc.Hostile.RawFrames;

namespace EtcdProbeExporter.Tests.Grpc.Hostile;

/// <summary>Peers that answer wrongly, partly, or not at all, and peers that are something else.</summary>
internal static class BrokenAnswers
{
    public static IEnumerable<HostilePeer> All => [.. Leaving, .. Strangers, .. Silent, .. Wrong];

    private static IEnumerable<HostilePeer> Leaving =>
    [
        new("resets at once", ["unavailable"], peer => peer.Reset()),
        new("closes at once", ["unavailable"], _ => { }),
        new("closes after the preface", ["unavailable"], peer => peer.ReadPreface()),
        new("closes after its SETTINGS", ["unavailable"], peer => peer.Send(EmptySettings)),
        new("resets after its SETTINGS", ["unavailable"], peer =>
        {
            peer.Open();
            peer.Reset();
        }),
        new("closes inside its first frame", ["unavailable"], peer => peer.Send([0, 0, 6, 4])),
        new("sends GOAWAY with its SETTINGS", ["unavailable"], peer => peer.Send(EmptySettings, Leave(0, 0))),
        new("sends GOAWAY with its SETTINGS and stays", ["unavailable"], peer =>
        {
            peer.Send(EmptySettings, Leave(0, 0));
            peer.Hang();
        }),
        new("answers every request with GOAWAY", ["unavailable"], peer => peer.Serve(_ => peer.Send(Leave(0, 0)))),
        new("answers with GOAWAY and an error", ["protocol"], peer => peer.Serve(_ => peer.Send(Leave(0, 2)))),
        new("closes inside its headers", ["unavailable"], peer => peer.Send([.. Frame(Headers, EndHeaders, peer.Open(), OkHeaders)[..15]])),
        new("closes inside its data", ["unavailable"], peer =>
        {
            var stream = peer.Open();
            peer.Send(Frame(Headers, EndHeaders, stream, OkHeaders), Frame(Data, 0, stream, Message([1], length: 100)));
        }),
        new("closes before its trailers", ["unavailable"], peer =>
        {
            var stream = peer.Open();
            peer.Send(Frame(Headers, EndHeaders, stream, OkHeaders), Frame(Data, 0, stream, Message([])));
        }),
        new("refuses every stream", ["unavailable"], peer => peer.Serve(stream => peer.Send(Reset(stream, 7)))),
        new("resets every stream", ["protocol"], peer => peer.Serve(stream => peer.Send(Reset(stream, 2)))),
    ];

    private static IEnumerable<HostilePeer> Strangers =>
    [
        Banner("an SSH server", "SSH-2.0-OpenSSH_9.6\r\n"),
        Banner("a mail server", "220 mail.example ESMTP\r\n"),
        Banner("an HTTP/1.1 server", "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"),
        new("an SSH server that stays", ["protocol"], peer =>
        {
            peer.Send(Encoding.ASCII.GetBytes("SSH-2.0-OpenSSH_9.6\r\n"));
            peer.Hang();
        }),
        new("a flood of text", ["protocol"], peer => peer.Storm(Encoding.ASCII.GetBytes("hello, world\r\n"))),
        new("a TLS port that sends an alert", ["tls"], peer => peer.Send([0x15, 3, 1, 0, 2, 2, 70])),
        new("TLS junk", ["tls"], peer => peer.Send([0x16, 3, 3, 0x40, 0, 1, 2, 3, 4, 5]), "https"),
        new("a TLS junk flood", ["tls"], peer => peer.Storm([0x17, 3, 3, 0, 1, 0]), "https"),
        new("an SSH server instead of TLS", ["tls"], peer => peer.Send(Encoding.ASCII.GetBytes("SSH-2.0-OpenSSH_9.6\r\n")), "https"),
        new("closes instead of TLS", ["unavailable"], _ => { }, "https"),
    ];

    private static IEnumerable<HostilePeer> Silent =>
    [
        new("says nothing", ["timeout"], peer => peer.Hang()),
        new("reads and says nothing", ["timeout"], peer => peer.Serve(_ => { })),
        new("drips its SETTINGS", ["timeout"], peer => peer.Drip(Setting(3, 100))),
        new("drips its headers", ["timeout", "unavailable"], peer => peer.Drip(Frame(Headers, EndHeaders, peer.Open(), OkHeaders))),
        new("drips its data", ["timeout", "unavailable"], peer =>
        {
            var stream = peer.Open();
            peer.Send(Frame(Headers, EndHeaders, stream, OkHeaders));
            peer.Drip(Frame(Data, 0, stream, Message(new byte[50])));
        }),
        new("opens no window", ["timeout"], peer =>
        {
            peer.Send(Setting(4, 0));
            peer.Serve(_ => { });
        }),
        // SocketsHttpHandler waits for a stream, or gives the connection up and wants another one: which of them is its own race.
        new("allows no streams", ["timeout", "protocol"], peer =>
        {
            peer.Send(Setting(3, 0));
            peer.Hang();
        }),
    ];

    private static IEnumerable<HostilePeer> Wrong =>
    [
        Answers("a frame that is too long", _ => [Frame(0xBA, length: 0xFFFFFF)]),
        Answers("a stream that nobody opened", _ => [Frame(Headers, EndHeaders, 9999, OkHeaders)]),
        Answers("a stream of its own", _ => [Frame(Headers, EndHeaders, 2, OkHeaders)], "timeout"), // SocketsHttpHandler takes no notice
        Answers("headers on stream 0", _ => [Frame(Headers, EndHeaders, 0, OkHeaders)]),
        Answers("headers that are no HPACK", stream => [Frame(Headers, EndHeaders, stream, [0xFF, 0xFF, 0xFF, 0xFF, 0xFF])]),
        Answers("headers over the limit", stream =>
            [Frame(Headers, 0, stream, OkHeaders), .. Enumerable.Range(0, 8).Select(i => Frame(Continuation, (byte)(i == 7 ? EndHeaders : 0), stream, Literals(("x", new string('y', 16_000)))))]),
        Answers("SETTINGS that are none", _ => [Frame(Settings, payload: [1, 2, 3])]),
        Answers("SETTINGS with a window too large", _ => [Setting(4, uint.MaxValue)]),
        Answers("no status", stream => Unary(stream, [])),
        Answers("a status that is no number", stream => Unary(stream, Message([]), ("grpc-status", "abc")), "other"),
        Answers("a status that nobody knows", stream => Unary(stream, Message([]), ("grpc-status", "4711")), "other"),
        Answers("a very long text", stream => Unary(stream, [], ("grpc-status", "14"), ("grpc-message", new string('x', 15_000))), "unavailable"),
        Answers("status OK alone", stream => [Frame(Headers, EndHeaders | EndStream, stream, [.. OkHeaders, .. OkTrailers])]),
        Answers("a message of 4 GB", stream => Unary(stream, Message([1], length: uint.MaxValue), ("grpc-status", "0"))),
        Answers("a message that does not parse", stream => Unary(stream, Message([0xFF, 0xFF, 0xFF]), ("grpc-status", "0"))),
        Answers("a compressed message", stream => Unary(stream, Message([1], flag: 1), ("grpc-status", "0"))),
        Answers("two messages", stream => Unary(stream, [.. Message([]), .. Message([])], ("grpc-status", "0"))),
        Answers("HTTP 503", stream => [Frame(Headers, EndHeaders | EndStream, stream, Literals((":status", "503")))], "unavailable"),
        Answers("a web page", stream => [Frame(Headers, EndHeaders | EndStream, stream, Literals((":status", "200"), ("content-type", "text/html")))]),
    ];

    private static HostilePeer Banner(string name, string banner) => new(name, ["protocol"], peer => peer.Send(Encoding.ASCII.GetBytes(banner)));

    private static HostilePeer Answers(string what, Func<int, byte[][]> answer, string reason = "protocol") =>
        new($"answers with {what}", [reason], peer => peer.Serve(stream => peer.Send(answer(stream))));

    private static byte[][] Unary(int stream, byte[] body, params (string Name, string Value)[] trailers) =>
    [
        Frame(Headers, EndHeaders, stream, OkHeaders),
        Frame(Data, 0, stream, body),
        Frame(Headers, EndHeaders | EndStream, stream, trailers.Length > 0 ? Literals(trailers) : Literals(("x", "y"))),
    ];
}
