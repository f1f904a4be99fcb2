using System.Net;
using System.Net.Http.Headers;

namespace EtcdProbeExporter.Grpc;

/// <summary>The body of a request: one message. For a stream it stays open behind the message until a task ends.</summary>
internal sealed class GrpcRequestContent : HttpContent
{
    private static readonly MediaTypeHeaderValue Grpc = new("application/grpc");

    private readonly ReadOnlyMemory<byte> _frame;
    private readonly Task? _keepOpenUntil;

    /// <param name="frame">The one message of the request.</param>
    /// <param name="keepOpenUntil">For a stream: the request stays open until this task ends. Null closes it after the message.</param>
    public GrpcRequestContent(ReadOnlyMemory<byte> frame, Task? keepOpenUntil = null)
    {
        _frame = frame;
        _keepOpenUntil = keepOpenUntil;
        Headers.ContentType = Grpc;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(_frame, cancellationToken);
        if (_keepOpenUntil is not null)
        {
            await stream.FlushAsync(cancellationToken);
            // The handler cancels the body when the response fails, and of two failures it throws the body's: that one must not be seen.
            await _keepOpenUntil.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // No content-length, as other gRPC clients do.
    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
