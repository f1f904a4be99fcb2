using System.Net;
using System.Net.Http.Headers;

namespace EtcdProbeExporter.Grpc;

/// <summary>Reads the parts of an HTTP response that decide a call. Pure apart from the response it is given.</summary>
internal static class GrpcResponse
{
    private const string StatusHeader = "grpc-status";
    private const string MessageHeader = "grpc-message";

    /// <summary>
    /// The failure that the response headers already report, or null when messages follow. A <c>grpc-status</c> among the headers
    /// (Trailers-Only) wins over everything, even the HTTP status.
    /// </summary>
    public static GrpcFailure? FailureInHeaders(HttpResponseMessage response)
    {
        if (StatusIn(response.Headers) is { } status)
        {
            return status.IsOk
                ? GrpcFailure.Protocol(GrpcStatusCode.Internal, "status OK without a message")
                : GrpcFailure.Answered(status);
        }

        if (response.Version.Major < 2)
        {
            return GrpcFailure.Protocol(GrpcStatusCode.Internal, $"answered in HTTP/{response.Version}");
        }

        if (response.StatusCode != HttpStatusCode.OK)
        {
            var http = (int)response.StatusCode;
            return GrpcFailure.Protocol(GrpcStatus.FromHttpStatus(http), $"HTTP status {http} without a gRPC status");
        }

        var contentType = ContentType(response);
        return IsGrpc(contentType)
            ? null
            : GrpcFailure.Protocol(GrpcStatusCode.Unknown, $"content-type is '{contentType}'");
    }

    /// <summary>The status in the trailers. They exist only after the body was read to its end. Null is success.</summary>
    public static GrpcFailure? FailureInTrailers(HttpResponseMessage response) => StatusIn(response.TrailingHeaders) switch
    {
        null => GrpcFailure.Protocol(GrpcStatusCode.Unknown, "the response ended without a gRPC status"),
        { IsOk: true } => null,
        { } status => GrpcFailure.Answered(status),
    };

    /// <summary><c>application/grpc</c>, alone or followed by <c>;</c> or <c>+</c>.</summary>
    internal static bool IsGrpc(string contentType)
    {
        const string Grpc = "application/grpc";
        return contentType.StartsWith(Grpc, StringComparison.OrdinalIgnoreCase)
            && (contentType.Length == Grpc.Length || contentType[Grpc.Length] is ';' or '+');
    }

    // NonValidated: typed header access parses, allocates and is not safe against a concurrent read.
    private static GrpcStatus? StatusIn(HttpHeaders headers) =>
        First(headers, StatusHeader) is { } status ? GrpcStatus.Parse(status, First(headers, MessageHeader)) : null;

    private static string? First(HttpHeaders headers, string name) =>
        headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;

    private static string ContentType(HttpResponseMessage response) =>
        First(response.Content.Headers, "content-type") ?? "";
}
