using System.Net;
using System.Net.Http.Headers;

namespace EtcdProbeExporter.Grpc;

/// <summary>
/// A request body that can be sent once. SocketsHttpHandler silently sends a request again, up to three times, after REFUSED_STREAM or a
/// GOAWAY; a prober must see those faults, and a put must not be repeated behind its back. A second attempt is refused here.
/// </summary>
internal sealed class OneShotContent : HttpContent
{
    private static readonly MediaTypeHeaderValue Grpc = new("application/grpc");

    private readonly ReadOnlyMemory<byte> _frame;
    private readonly Task? _keepOpenUntil;
    private int _sent;

    /// <param name="frame">The one message of the request.</param>
    /// <param name="keepOpenUntil">For a stream: the request stays open until this task ends. Null closes it after the message.</param>
    public OneShotContent(ReadOnlyMemory<byte> frame, Task? keepOpenUntil = null)
    {
        _frame = frame;
        _keepOpenUntil = keepOpenUntil;
        Headers.ContentType = Grpc;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _sent, 1) != 0)
        {
            throw new HiddenRetryException();
        }

        await stream.WriteAsync(_frame, cancellationToken);
        if (_keepOpenUntil is not null)
        {
            await stream.FlushAsync(cancellationToken);
            await _keepOpenUntil.WaitAsync(cancellationToken);
        }
    }

    // No content-length, as other gRPC clients do; it also keeps the length from being computed twice.
    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
