using System.Net;
using Google.Protobuf;

namespace EtcdProbeExporter.Grpc;

/// <summary>
/// One HTTP/2 connection to one address, opened when first used and opened again after it broke. Nothing is retried, balanced or pooled:
/// what a call says, this peer said.
/// </summary>
internal sealed class GrpcConnection : IDisposable
{
    /// <summary>The failure of a call that was for one connection only, which was gone: nothing of it was sent.</summary>
    public static readonly GrpcFailure NotSent = GrpcFailure.Unreachable(
        GrpcFailureKind.ConnectionLost, "the connection was lost before the request was sent, and nothing is sent on a new one before it is known who is there");

    private readonly Uri _address;
    private readonly TimeProvider _time;
    private readonly HttpMessageInvoker _invoker;
    private readonly int _maxMessageSize;
    private readonly bool _secured;
    private readonly Dialer _dialer;
    private readonly DialPacing _pacing;
    private readonly TrafficAllowance _allowance;
    private readonly Silence _silence;
    private readonly CancellationTokenSource _givenUp = new(); // never disposed: it holds nothing, and calls may come after the end
    private string? _whyGivenUp;

    /// <param name="address">Scheme <c>http</c> (prior-knowledge HTTP/2) or <c>https</c>, host and port.</param>
    /// <param name="tls">Needed for <c>https</c>, ignored otherwise. Not owned.</param>
    /// <param name="connectTimeout">For name, TCP and TLS together; set it below the timeout of the calls.</param>
    /// <param name="onConnectAttempt">Called once for every attempt to open the connection, on any thread.</param>
    /// <param name="time">The clock of deadlines and connect phases.</param>
    /// <param name="maxMessageSize">A longer message is refused before memory is taken for it; bytes.</param>
    public GrpcConnection(
        Uri address,
        TlsCredentials? tls,
        TimeSpan connectTimeout,
        Action<ConnectAttempt> onConnectAttempt,
        TimeProvider time,
        int maxMessageSize = GrpcFrame.DefaultMaxMessageSize)
    {
        _address = address;
        _time = time;
        _maxMessageSize = maxMessageSize;
        _pacing = new DialPacing(time);
        _silence = new Silence(time);
        _allowance = new TrafficAllowance(maxMessageSize);
        _secured = address.Scheme == Uri.UriSchemeHttps;
        if (_secured && tls is null)
        {
            throw new ArgumentException("an https address needs TLS credentials", nameof(tls));
        }

        _dialer = new Dialer(address, _secured ? tls : null, connectTimeout, time, onConnectAttempt);
#pragma warning disable RS0030 // with every default that matters to a prober set
        _invoker = new HttpMessageInvoker(new SocketsHttpHandler
#pragma warning restore RS0030
        {
            UseProxy = false, // HTTP(S)_PROXY would silently redirect probes
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            EnableMultipleHttp2Connections = false, // one connection: timing stays unambiguous, and etcd allows 2^32-1 streams on it
            ConnectTimeout = connectTimeout + TimeSpan.FromSeconds(1), // the dialer's own deadline comes first and knows the phase
            // The owner replaces the whole connection when it is old, outside any measured call; the handler must not do it inside one.
            PooledConnectionLifetime = Timeout.InfiniteTimeSpan,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            // No HTTP/2 pings: etcd closes a client that pings without an open stream, and a hung disk answers them anyway.
            KeepAlivePingDelay = Timeout.InfiniteTimeSpan,
            RequestHeaderEncodingSelector = GrpcHttpRequest.RefuseSecondSending,
            ConnectCallback = (_, cancellationToken) => ConnectAsync(cancellationToken),
        });
    }

    /// <summary>See <see cref="Dialer.Lookup"/>.</summary>
    public NameLookup Lookup
    {
        get => _dialer.Lookup;
        set => _dialer.Lookup = value;
    }

    /// <summary>See <see cref="Silence.Since"/>; connections that were opened one after the other count as one.</summary>
    public long? SilentSince => _silence.Since;

    /// <summary>How many connections were opened: the number of the one in use, from 1; 0 before the first.</summary>
    public int Connections => _pacing.Count;

    /// <summary>Ends the calls that are under way, as calls that ran out of time: nobody need wait any longer.</summary>
    public void GiveUp(string why)
    {
        _whyGivenUp = why;
        _givenUp.Cancel();
    }

    /// <summary>
    /// One request, one response. Ends at the latest after <paramref name="timeout"/>. Throws only
    /// <see cref="OperationCanceledException"/>, and only when <paramref name="cancellationToken"/> was cancelled.
    /// </summary>
    public async Task<GrpcCallResult<TResponse>> UnaryAsync<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method,
        TRequest message,
        TimeSpan timeout,
        GrpcMetadata metadata,
        CancellationToken cancellationToken,
        int? onlyOn = null)
        where TRequest : class, IMessage
        where TResponse : class, IMessage<TResponse>
    {
        if (timeout <= TimeSpan.Zero)
        {
            return GrpcFailure.DeadlineExceeded("no time was left to send the request");
        }

        using var deadline = new CancellationTokenSource(timeout, _time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, _givenUp.Token, cancellationToken);
        using var request = Request(method.Path, new GrpcRequestContent(GrpcFrame.Encode(message)), metadata, onlyOn);
        request.Headers.TryAddWithoutValidation("grpc-timeout", GrpcTimeoutHeader.Encode(timeout + GrpcTimeoutHeader.Slack));
        GrpcCallResult<TResponse> result;
        _allowance.CallBegins();
        _silence.CallBegins();
        var sent = _time.GetTimestamp();
        try
        {
            result = await ReadUnaryAsync(request, method.ResponseParser, linked.Token);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            result = deadline.IsCancellationRequested ? NoAnswerIn(timeout)
                : _givenUp.IsCancellationRequested ? GrpcFailure.DeadlineExceeded(_whyGivenUp!)
                : FailureOf(e, request);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new OperationCanceledException("the call was given up", e, cancellationToken);
        }
        finally
        {
            _allowance.CallEnds();
        }

        var ended = _time.GetTimestamp();

        // A reset or a CANCELLED that arrives when our deadline has passed is the deadline, seen from the other side.
        result = result.Failure is { Status.Code: GrpcStatusCode.Cancelled } && deadline.IsCancellationRequested
            ? NoAnswerIn(timeout)
            : result;
        return result with { Span = new CallSpan(sent, ended) };
    }

    /// <summary>
    /// Sends one message and leaves the request open: a bidirectional stream that only the server goes on talking on. The headers must
    /// come within <paramref name="openTimeout"/>; the stream itself has no deadline. Throws as <see cref="UnaryAsync"/> does.
    /// </summary>
    public async Task<GrpcCallResult<GrpcStream<TResponse>>> OpenStreamAsync<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method,
        TRequest message,
        TimeSpan openTimeout,
        GrpcMetadata metadata,
        CancellationToken cancellationToken)
        where TRequest : class, IMessage
        where TResponse : class, IMessage<TResponse>
    {
        using var deadline = new CancellationTokenSource(openTimeout, _time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        var requestEnd = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var request = Request(method.Path, new GrpcRequestContent(GrpcFrame.Encode(message), requestEnd.Task), metadata);
        HttpResponseMessage? response = null;
        _allowance.CallBegins(TrafficAllowance.Stream);
        try
        {
            response = await SendAsync(request, linked.Token);
            if (GrpcResponse.FailureInHeaders(response) is { } failure)
            {
                return Close(failure);
            }

            var body = await response.Content.ReadAsStreamAsync(linked.Token);
            return new GrpcStream<TResponse>(
                request, response, body, requestEnd, new GrpcMessageReader(body, _maxMessageSize), method.ResponseParser, _allowance);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return Close(deadline.IsCancellationRequested ? NoAnswerIn(openTimeout) : FailureOf(e, request));
        }
        catch (Exception e)
        {
            Close(NoAnswerIn(openTimeout));
            throw new OperationCanceledException("the stream was given up", e, cancellationToken);
        }

        GrpcFailure Close(GrpcFailure failure)
        {
            _allowance.CallEnds(TrafficAllowance.Stream);
            requestEnd.TrySetResult();
            response?.Dispose();
            request.Dispose();
            return failure;
        }
    }

    /// <summary>Ends everything that still runs on the connection.</summary>
    public void Dispose() => _invoker.Dispose();

    private static GrpcFailure NoAnswerIn(TimeSpan timeout) =>
        GrpcFailure.DeadlineExceeded(FormattableString.Invariant($"no answer within {timeout.TotalSeconds:0.###} s"));

    private async Task<GrpcCallResult<TResponse>> ReadUnaryAsync<TResponse>(
        HttpRequestMessage request, MessageParser<TResponse> parser, CancellationToken cancellationToken)
        where TResponse : class, IMessage<TResponse>
    {
        // Disposing the response before its end sends RST_STREAM, which is what an abandoned call owes the server.
        using var response = await SendAsync(request, cancellationToken);
        if (GrpcResponse.FailureInHeaders(response) is { } early)
        {
            return early;
        }

        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var reader = new GrpcMessageReader(body, _maxMessageSize);
        var (message, failure) = await reader.ReadAsync(parser, cancellationToken);
        if (failure is not null)
        {
            return failure;
        }

        if (message is not null)
        {
            // Trailers exist only after the end of the body, and a unary answer has one message.
            var (second, trailing) = await reader.ReadAsync(parser, cancellationToken);
            if (second is not null || trailing is not null)
            {
                return trailing ?? GrpcFailure.Protocol(GrpcStatusCode.Internal, "more than one message in a unary answer");
            }
        }

        if (GrpcResponse.FailureInTrailers(response) is { } late)
        {
            return late;
        }

        return message is null
            ? GrpcFailure.Protocol(GrpcStatusCode.Internal, "status OK without a message")
            : message;
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await _invoker.SendAsync(request, cancellationToken);
        GrpcHttpRequest.ConnectionOf(request)?.MarkAnswered();
        return response;
    }

    // A request that waited for a connection which then broke was never written to one.
    private GrpcFailure FailureOf(Exception e, HttpRequestMessage request) =>
        CallExceptions.ToFailure(e, GrpcHttpRequest.ConnectionOf(request) ?? _pacing.Last);

    private async ValueTask<Stream> ConnectAsync(CancellationToken cancellationToken)
    {
        if (_pacing.Refusal() is { } refusal)
        {
            throw new ConnectionEndedException(refusal, null);
        }

        var stream = await _dialer.DialAsync(cancellationToken);
        var trace = new ConnectionTrace(_secured, _time.GetTimestamp());
        _pacing.Established(trace);
        var guard = new ConnectionGuard(trace, _allowance, _silence, _time);
        if (stream is GuardedSslStream secured)
        {
            secured.Guard = guard;
            return secured;
        }

        return new GuardedStream(stream, guard);
    }

    private HttpRequestMessage Request(string path, GrpcRequestContent content, GrpcMetadata metadata, int? onlyOn = null) =>
        GrpcHttpRequest.Create(new Uri(_address, path), content, metadata, _pacing, onlyOn);
}
