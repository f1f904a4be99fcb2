using static EtcdProbeExporter.Tests.Grpc.Hostile.RawFrames;

namespace EtcdProbeExporter.Tests.Grpc.Hostile;

/// <summary>More of every type of frame than any call explains.</summary>
internal static class FrameStorms
{
    public static IEnumerable<HostilePeer> All =>
    [
        Idle("SETTINGS", EmptySettings),
        Idle("SETTINGS with values", Setting(4, 65_535)),
        Idle("SETTINGS acknowledgements", Frame(Settings, Ack)),
        Idle("PING", Frame(Ping, payload: new byte[8])),
        Idle("PING acknowledgements", Frame(Ping, Ack, payload: new byte[8])),
        Idle("GOAWAY for streams far away", Leave(int.MaxValue, 0)),
        Idle("WINDOW_UPDATE of the connection", Frame(WindowUpdate, payload: Number(1))),
        Idle("PRIORITY", Frame(Priority, 0, 1, [0, 0, 0, 0, 1])),
        Idle("frames of unknown type", Frame(0xBA)),
        Idle("large frames of unknown type", Frame(0xBA, payload: new byte[16_384])),
        Idle("PUSH_PROMISE", Frame(PushPromise, EndHeaders, 1, [.. Number(2), .. OkHeaders])),
        Idle("WINDOW_UPDATE that overflows", Frame(WindowUpdate, payload: Number(int.MaxValue))),
        Asked("empty DATA", stream => [Frame(Headers, EndHeaders, stream, OkHeaders)], stream => Frame(Data, 0, stream)),
        Asked("DATA of one byte", stream => [Frame(Headers, EndHeaders, stream, OkHeaders)], stream => Frame(Data, 0, stream, [0])),
        Asked("DATA without end", stream => [Frame(Headers, EndHeaders, stream, OkHeaders)], stream => Frame(Data, 0, stream, new byte[16_384])),
        Asked("DATA for a stream that is closed", stream => [Reset(stream, 8)], stream => Frame(Data, 0, stream, new byte[300])),
        Asked("empty DATA for a stream that is closed", stream => [Reset(stream, 8)], stream => Frame(Data, 0, stream)),
        Asked("HEADERS", _ => [], stream => Frame(Headers, EndHeaders, stream, OkHeaders)),
        Asked("HEADERS for a stream that is closed", stream => [Reset(stream, 8)], stream => Frame(Headers, EndHeaders, stream, OkHeaders)),
        Asked("informational HEADERS", _ => [], stream => Frame(Headers, EndHeaders, stream, Literals((":status", "103")))),
        Asked("trailers", stream => [Frame(Headers, EndHeaders, stream, OkHeaders)], stream => Frame(Headers, EndHeaders, stream, OkTrailers)),
        Asked("CONTINUATION", stream => [Frame(Headers, 0, stream, OkHeaders)], stream => Frame(Continuation, 0, stream)),
        Asked("CONTINUATION with fields", stream => [Frame(Headers, 0, stream, OkHeaders)], stream => Frame(Continuation, 0, stream, Literals(("x", "y")))),
        Asked("RST_STREAM", _ => [], stream => Reset(stream, 2)),
        Asked("WINDOW_UPDATE of a stream", _ => [], stream => Frame(WindowUpdate, 0, stream, Number(1))),
        Asked("HPACK bombs", _ => [], stream => Frame(Headers, EndHeaders, stream, HpackBomb())),
        Answered("GOAWAY", Leave(0, 0)),
        Answered("GOAWAY for streams far away", Leave(int.MaxValue, 0)),
        Answered("WINDOW_UPDATE", Frame(WindowUpdate, payload: Number(1))),
        Answered("PING", Frame(Ping, payload: new byte[8])),
    ];

    // What a storm ends in depends on what the handler thinks of the first frame of it: it is refused as a protocol error, by us or by the
    // handler. A deadline may be there first where a peer does not even let the handler come to a verdict.
    private static HostilePeer Idle(string what, byte[] unit) => new($"storm of {what}", ["protocol", "unavailable"], peer =>
    {
        peer.ReadPreface();
        peer.Send(EmptySettings);
        peer.Storm(unit);
    });

    // A connection that has answered may be dialed again at once; one that was cut off may not.
    private static HostilePeer Answered(string what, byte[] unit) => new($"storm of {what} after an answer", ["ok", "protocol", "unavailable"], peer =>
    {
        var stream = peer.Open();
        peer.Send(
            Frame(Headers, EndHeaders, stream, OkHeaders),
            Frame(Data, 0, stream, Message([])),
            Frame(Headers, EndHeaders | EndStream, stream, OkTrailers));
        peer.Storm(unit);
    });

    private static HostilePeer Asked(string what, Func<int, byte[][]> first, Func<int, byte[]> unit) =>
        new($"storm of {what} after a request", ["protocol", "unavailable"], peer =>
        {
            var stream = peer.Open();
            peer.Send(first(stream));
            peer.Storm(unit(stream));
        });
}
