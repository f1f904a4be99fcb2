namespace EtcdProbeExporter.Grpc;

/// <summary>Why a call failed: where (<see cref="Kind"/>), the status that was sent or stands for it, and a sentence for people.</summary>
internal sealed record GrpcFailure(GrpcFailureKind Kind, GrpcStatus Status)
{
    public string Detail => Status.Message;

    public static GrpcFailure Answered(GrpcStatus status) => new(GrpcFailureKind.Status, status);

    public static GrpcFailure Protocol(GrpcStatusCode code, string detail) =>
        new(GrpcFailureKind.Protocol, new GrpcStatus(code, detail));

    public static GrpcFailure Unreachable(GrpcFailureKind kind, string detail) =>
        new(kind, new GrpcStatus(GrpcStatusCode.Unavailable, detail));

    public static GrpcFailure DeadlineExceeded(string detail) =>
        new(GrpcFailureKind.Deadline, new GrpcStatus(GrpcStatusCode.DeadlineExceeded, detail));

    public override string ToString() => $"{Kind} {Status}";
}

/// <summary>Where a call ended when it did not end well. Told apart here because the status code alone hides it.</summary>
internal enum GrpcFailureKind
{
    /// <summary>The server answered, with a status other than OK.</summary>
    Status,

    /// <summary>Our own deadline passed first, or the peer accepted the connection and then said nothing.</summary>
    Deadline,

    /// <summary>The host name could not be resolved.</summary>
    Dns,

    /// <summary>No TCP connection: refused, unreachable, or not established in time.</summary>
    Connect,

    /// <summary>TLS was refused by either side.</summary>
    Tls,

    /// <summary>An established connection broke before the answer was complete.</summary>
    ConnectionLost,

    /// <summary>The server reset this stream, or said GOAWAY, without a gRPC status.</summary>
    Reset,

    /// <summary>The peer does not speak gRPC as specified: wrong content type, truncated message, HTTP error.</summary>
    Protocol,
}
