using Google.Protobuf;

namespace EtcdProbeExporter.Grpc;

/// <summary>
/// The server's side of an open stream. Read by one reader at a time; disposing it resets the stream and leaves the connection usable.
/// </summary>
internal sealed class GrpcStream<TResponse>(
    HttpRequestMessage request,
    HttpResponseMessage response,
    Stream body,
    TaskCompletionSource requestEnd,
    GrpcMessageReader reader,
    MessageParser<TResponse> parser,
    TrafficAllowance allowance) : IAsyncDisposable
    where TResponse : class, IMessage<TResponse>
{
    private int _disposed;

    /// <summary>
    /// The next message, or the failure that ended the stream (a clean end is a failure too: OK, "the server ended the stream").
    /// Throws <see cref="OperationCanceledException"/> only when <paramref name="cancellationToken"/> was cancelled.
    /// </summary>
    public async Task<GrpcCallResult<TResponse>> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            var (message, failure) = await reader.ReadAsync(parser, cancellationToken);
            if (message is not null)
            {
                return message;
            }

            return failure
                ?? GrpcResponse.FailureInTrailers(response)
                ?? GrpcFailure.Answered(new GrpcStatus(GrpcStatusCode.Ok, "the server ended the stream"));
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return CallExceptions.ToFailure(e, GrpcHttpRequest.ConnectionOf(request));
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new OperationCanceledException("the stream was given up", e, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        allowance.CallEnds(TrafficAllowance.Stream);
        // Half-closing alone does not end a watch (seen on 3.4 and 3.5): the reset that disposal sends does.
        await body.DisposeAsync();
        requestEnd.TrySetResult();
        response.Dispose();
        request.Dispose();
    }
}
