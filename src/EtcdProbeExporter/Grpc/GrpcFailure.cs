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
