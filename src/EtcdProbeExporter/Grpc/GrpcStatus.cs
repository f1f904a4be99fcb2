using System.Globalization;

namespace EtcdProbeExporter.Grpc;

/// <summary>What a server said about the end of a call: the code and the decoded <c>grpc-message</c> (empty when it sent none).</summary>
internal readonly record struct GrpcStatus(GrpcStatusCode Code, string Message)
{
    /// <summary>Cut and cleaned: see <see cref="PeerText"/>.</summary>
    public string Message { get; } = PeerText.Clean(Message);

    public bool IsOk => Code == GrpcStatusCode.Ok;

    /// <summary>
    /// Reads <c>grpc-status</c> and <c>grpc-message</c> of one header set. A status that is no number is UNKNOWN.
    /// </summary>
    public static GrpcStatus Parse(string status, string? encodedMessage)
    {
        var code = int.TryParse(status, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? (GrpcStatusCode)number
            : GrpcStatusCode.Unknown;
        return new GrpcStatus(code, encodedMessage is null ? "" : PeerText.Decode(encodedMessage));
    }

    /// <summary>The code that stands for an HTTP answer without <c>grpc-status</c> (doc/http-grpc-status-mapping.md).</summary>
    public static GrpcStatusCode FromHttpStatus(int httpStatus) => httpStatus switch
    {
        400 or 431 => GrpcStatusCode.Internal,
        401 => GrpcStatusCode.Unauthenticated,
        403 => GrpcStatusCode.PermissionDenied,
        404 => GrpcStatusCode.Unimplemented,
        429 or 502 or 503 or 504 => GrpcStatusCode.Unavailable,
        _ => GrpcStatusCode.Unknown,
    };

    /// <summary>The code that stands for an HTTP/2 RST_STREAM or GOAWAY error code (PROTOCOL-HTTP2.md, "HTTP2 Transport Mapping").</summary>
    public static GrpcStatusCode FromHttp2ErrorCode(long errorCode) => errorCode switch
    {
        7 => GrpcStatusCode.Unavailable,        // REFUSED_STREAM
        8 => GrpcStatusCode.Cancelled,          // CANCEL
        11 => GrpcStatusCode.ResourceExhausted, // ENHANCE_YOUR_CALM
        12 => GrpcStatusCode.PermissionDenied,  // INADEQUATE_SECURITY
        _ => GrpcStatusCode.Internal,
    };

    public override string ToString() => Message.Length == 0 ? Code.ToString() : $"{Code}: {Message}";
}

/// <summary>The status codes of gRPC (grpc/grpc doc/statuscodes.md). A number outside the list is kept as it came.</summary>
internal enum GrpcStatusCode
{
    Ok = 0,
    Cancelled = 1,
    Unknown = 2,
    InvalidArgument = 3,
    DeadlineExceeded = 4,
    NotFound = 5,
    AlreadyExists = 6,
    PermissionDenied = 7,
    ResourceExhausted = 8,
    FailedPrecondition = 9,
    Aborted = 10,
    OutOfRange = 11,
    Unimplemented = 12,
    Internal = 13,
    Unavailable = 14,
    DataLoss = 15,
    Unauthenticated = 16,
}
