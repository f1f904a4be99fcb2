namespace EtcdProbeExporter.Grpc;

/// <summary>Thrown into the HTTP handler by the stream under it, so that every call on the connection carries the same reason.</summary>
internal sealed class ConnectionEndedException(GrpcFailure failure, Exception? inner) : IOException(failure.Detail, inner)
{
    public GrpcFailure Failure { get; } = failure;
}
