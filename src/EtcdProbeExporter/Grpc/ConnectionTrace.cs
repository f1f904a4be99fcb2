namespace EtcdProbeExporter.Grpc;

/// <summary>
/// What is known about one established connection: what came on it first, whether it ever answered, and how it ended. Written by whoever reads
/// the connection, read by any thread.
/// </summary>
/// <param name="secured">Whether TLS was agreed on below.</param>
/// <param name="dialedAt">Timestamp of when it was established.</param>
internal sealed class ConnectionTrace(bool secured, long dialedAt)
{
    private static readonly GrpcFailure RulesBroken =
        GrpcFailure.Protocol(GrpcStatusCode.Internal, "the peer breaks the rules of HTTP/2");

    private readonly byte[] _first = new byte[PeerOpening.Length];
    private GrpcFailure? _verdict;
    private volatile int _received;
    private volatile bool _answered;
    private volatile bool _cutOff;

    public long DialedAt => dialedAt;

    /// <summary>Frames of the peer; used by the reader of the connection only, apart from <see cref="GoAwayFailure"/>.</summary>
    public Http2FrameMeter Meter { get; } = new();

    /// <summary>A call got an answer on it, be it an error.</summary>
    public bool Answered => _answered;

    /// <summary>We ended it because of what the peer sent.</summary>
    public bool WasCutOff => _cutOff;

    /// <summary>How it ended, as far as the reader knows; null while it lives, and when the HTTP handler closed it for reasons of its own.</summary>
    public GrpcFailure? Verdict => Volatile.Read(ref _verdict);

    /// <summary>Asked when another one is wanted: the peer has ended nothing, so the handler has, because of what the peer sent.</summary>
    public bool IsGivenUp => Verdict is null && Meter.GoAwayCode is null;

    private ReadOnlySpan<byte> First => _first.AsSpan(0, Math.Min(_received, _first.Length));

    public void MarkAnswered() => _answered = true;

    /// <summary>What to say of it when it is gone and nobody else has said why.</summary>
    public GrpcFailure LastWord() => Verdict ?? GoAwayFailure() ?? RulesBroken;

    /// <summary>What a GOAWAY says, or null when none came.</summary>
    public GrpcFailure? GoAwayFailure() => Meter.GoAwayCode switch
    {
        null => null,
        0 => GrpcFailure.Unreachable(GrpcFailureKind.ConnectionLost, "the peer refuses further requests on its connections (GOAWAY, no error)"),
        { } code => new GrpcFailure(
            GrpcFailureKind.Reset, new GrpcStatus(GrpcStatus.FromHttp2ErrorCode(code), $"the peer ended the connection (GOAWAY, HTTP/2 error {code})")),
    };

    /// <summary>Takes note of what was read. Not null: the peer is not one to go on with.</summary>
    public GrpcFailure? Received(ReadOnlySpan<byte> bytes)
    {
        if (_received < _first.Length)
        {
            bytes[..Math.Min(bytes.Length, _first.Length - _received)].CopyTo(_first.AsSpan(_received));
        }

        var opened = _received >= _first.Length;
        _received = (int)Math.Min((long)_received + bytes.Length, int.MaxValue);
        Meter.Feed(bytes);
        if (!opened && PeerOpening.NotHttp2(First, ended: false) is { } objection)
        {
            return CutOff(objection);
        }

        // The handler would keep the connection and dial another one for the calls that wait; the reason would depend on which sees it first.
        return !_answered && GoAwayFailure() is { } refusal ? Decide(refusal) : null;
    }

    public GrpcFailure CutOff(GrpcFailure why)
    {
        _cutOff = true;
        return Decide(why);
    }

    /// <summary>The connection ended under us: closed (<paramref name="cause"/> null), reset, or refused by TLS.</summary>
    public GrpcFailure Ended(Exception? cause)
    {
        if (cause is not null && TlsAlert.TextOf(cause) is { } alert)
        {
            return Decide(GrpcFailure.Unreachable(GrpcFailureKind.Tls, alert));
        }

        if (_received == 0)
        {
            // TLS 1.3 lets a client finish its handshake before the server has looked at the client's certificate (RFC 8446 section 4.4.2.4),
            // and its alert is lost when our own first frames meet the closed socket.
            return Decide(secured
                ? GrpcFailure.Unreachable(
                    GrpcFailureKind.Tls, "Tls: the peer closed the connection after the handshake, before any answer (client certificate refused?)")
                : Wordless(secured));
        }

        return Decide(PeerOpening.NotHttp2(First, ended: true)
            ?? GoAwayFailure()
            ?? GrpcFailure.Unreachable(GrpcFailureKind.ConnectionLost, "the peer closed the connection before its answer was complete"));
    }

    /// <summary>A TCP connection on which nothing ever came. A port of etcd that is asked in the wrong way, plain or TLS, does this too.</summary>
    public static GrpcFailure Wordless(bool askedInTls) => GrpcFailure.Unreachable(
        GrpcFailureKind.ConnectionLost,
        "the port accepts connections and closes them without a word (a load balancer without a backend, or "
            + (askedInTls ? "a port without TLS?)" : "a TLS port that needs https?)"));

    private GrpcFailure Decide(GrpcFailure verdict) => Interlocked.CompareExchange(ref _verdict, verdict, null) ?? verdict;
}

/// <summary>The steps of opening a connection, in order. A numeric address has no <see cref="Dns"/>, plain text no <see cref="Tls"/>.</summary>
internal enum ConnectPhase
{
    Dns,
    Connect,
    Tls,
}

/// <summary>
/// One attempt to open a connection: how long each phase that happened took, which phase failed, and until when the peer's certificate
/// is valid. Phases that did not happen are null, never zero.
/// </summary>
internal sealed record ConnectAttempt(
    TimeSpan? Dns,
    TimeSpan? Connect,
    TimeSpan? Tls,
    ConnectPhase? FailedPhase,
    DateTimeOffset? PeerCertificateNotAfter);
