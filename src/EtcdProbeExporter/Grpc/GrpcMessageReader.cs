using System.Buffers.Binary;
using Google.Protobuf;

namespace EtcdProbeExporter.Grpc;

/// <summary>Reads length-prefixed messages from a response body.</summary>
internal sealed class GrpcMessageReader(Stream body, int maxMessageSize)
{
    private readonly byte[] _header = new byte[GrpcFrame.HeaderSize];

    /// <summary>The next message; both parts null at the end of the body.</summary>
    public async ValueTask<(TResponse? Message, GrpcFailure? Failure)> ReadAsync<TResponse>(
        MessageParser<TResponse> parser, CancellationToken cancellationToken)
        where TResponse : class, IMessage<TResponse>
    {
        var read = await body.ReadAtLeastAsync(_header, _header.Length, throwOnEndOfStream: false, cancellationToken);
        if (read == 0)
        {
            return (null, null);
        }

        if (read < _header.Length)
        {
            return (null, Truncated());
        }

        if (GrpcFrame.ParseHeader(_header, maxMessageSize, out var length) is { } refused)
        {
            return (null, refused);
        }

        var message = new byte[length];
        read = await body.ReadAtLeastAsync(message, length, throwOnEndOfStream: false, cancellationToken);
        if (read < length)
        {
            return (null, Truncated());
        }

        try
        {
            return (parser.ParseFrom(message), null);
        }
        catch (InvalidProtocolBufferException e)
        {
            return (null, GrpcFailure.Protocol(GrpcStatusCode.Internal, $"message does not parse: {e.Message}"));
        }
    }

    private static GrpcFailure Truncated() => GrpcFailure.Protocol(GrpcStatusCode.Internal, "the body ended inside a message");
}

/// <summary>
/// Length-prefixed messages: one flag byte (0 plain, 1 compressed), four bytes big-endian length, the message
/// (PROTOCOL-HTTP2.md, "Length-Prefixed-Message"). Boundaries of DATA frames mean nothing.
/// </summary>
internal static class GrpcFrame
{
    public const int HeaderSize = 5;

    /// <summary>gRPC's usual limit for a received message. Checked before anything is allocated for it.</summary>
    public const int DefaultMaxMessageSize = 4 * 1024 * 1024;

    /// <summary>Header and message in one buffer: written apart they cost a second DATA frame.</summary>
    public static byte[] Encode(IMessage message)
    {
        var size = message.CalculateSize();
        var frame = new byte[HeaderSize + size];
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), (uint)size);
        message.WriteTo(frame.AsSpan(HeaderSize));
        return frame;
    }

    /// <summary>The length that a header announces, or why it cannot be accepted.</summary>
    public static GrpcFailure? ParseHeader(ReadOnlySpan<byte> header, int maxMessageSize, out int length)
    {
        length = 0;
        if (header[0] != 0)
        {
            // We send grpc-accept-encoding: identity, so a set flag is the server's error.
            return GrpcFailure.Protocol(GrpcStatusCode.Internal, $"message flag is {header[0]}, compression was not offered");
        }

        var announced = BinaryPrimitives.ReadUInt32BigEndian(header[1..]);
        if (announced > (uint)maxMessageSize)
        {
            return GrpcFailure.Protocol(GrpcStatusCode.ResourceExhausted, $"message of {announced} bytes, limit is {maxMessageSize}");
        }

        length = (int)announced;
        return null;
    }
}
