using Google.Protobuf;

namespace EtcdProbeExporter.Grpc;

/// <summary>
/// The server's side of an open stream. Read by one reader at a time; disposing it resets the stream and leaves the connection usable.
/// </summary>
internal sealed class GrpcStream<TResponse> : IAsyncDisposable
    where TResponse : class, IMessage<TResponse>
{
    private readonly HttpRequestMessage _request;
    private readonly HttpResponseMessage _response;
    private readonly Stream _body;
    private readonly TaskCompletionSource _requestEnd;
    private readonly MessageParser<TResponse> _parser;
    private readonly GrpcMessageReader _reader;

    public GrpcStream(
        HttpRequestMessage request,
        HttpResponseMessage response,
        Stream body,
        TaskCompletionSource requestEnd,
        MessageParser<TResponse> parser,
        int maxMessageSize)
    {
        _request = request;
        _response = response;
        _body = body;
        _requestEnd = requestEnd;
        _parser = parser;
        _reader = new GrpcMessageReader(body, maxMessageSize);
    }

    /// <summary>
    /// The next message, or the failure that ended the stream (a clean end is a failure too: OK, "the server ended the stream").
    /// Throws <see cref="OperationCanceledException"/> only when <paramref name="cancellationToken"/> was cancelled.
    /// </summary>
    public async Task<GrpcCallResult<TResponse>> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            var (message, failure) = await _reader.ReadAsync(_parser, cancellationToken);
            if (message is not null)
            {
                return message;
            }

            return failure
                ?? GrpcResponse.FailureInTrailers(_response)
                ?? GrpcFailure.Answered(new GrpcStatus(GrpcStatusCode.Ok, "the server ended the stream"));
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return CallExceptions.ToFailure(e);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new OperationCanceledException("the stream was given up", e, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        // Half-closing alone does not end a watch (seen on 3.4 and 3.5): the reset that disposal sends does.
        await _body.DisposeAsync();
        _requestEnd.TrySetResult();
        _response.Dispose();
        _request.Dispose();
    }
}
