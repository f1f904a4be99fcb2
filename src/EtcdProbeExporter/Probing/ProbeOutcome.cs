using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Etcd.Protos;
using EtcdProbeExporter.Grpc;
using Google.Protobuf;

namespace EtcdProbeExporter.Probing;

/// <summary>How one call ended, before it is timed and filed: a reason and a sentence, or success and who answered.</summary>
internal readonly record struct ProbeOutcome(FailureReason? Failure, string Detail, ResponseFacts? Answer, KeyEvidence? Evidence = null)
{
    public static ProbeOutcome From<TResponse>(GrpcCallResult<TResponse> result, Func<TResponse, ResponseHeader?> header)
        where TResponse : class, IMessage<TResponse> =>
        result.IsOk
            ? ResponseFacts.From(header(result.Message)) is { } answer
                ? new ProbeOutcome(null, "", answer)
                : new ProbeOutcome(FailureReason.Protocol, ResponseFacts.Missing, null)
            : new ProbeOutcome(FailureReasons.Classify(result.Failure), result.Failure.Detail, null);

    public ProbeResult ToResult(ProbeOperation operation, TimeSpan duration, DateTimeOffset endedAt) => new()
    {
        Operation = operation,
        EndedAt = endedAt,
        Duration = duration,
        Failure = Failure,
        Detail = Detail,
        Answer = Answer,
        Evidence = Evidence,
    };
}
