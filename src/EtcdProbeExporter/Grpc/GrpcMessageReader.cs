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
