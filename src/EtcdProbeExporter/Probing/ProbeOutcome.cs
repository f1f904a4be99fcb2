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

    /// <summary>
    /// Why a connection on which calls ended so is not worth having: nothing was served on it, or its user was refused. Null: it is. What
    /// was served and refused is then the member's matter.
    /// </summary>
    public static string? WhyNothingServed(IReadOnlyList<ProbeOutcome> outcomes)
    {
        var refused = outcomes.FirstOrDefault(o => o.Failure == FailureReason.Unauthenticated);
        return refused.Failure is not null ? refused.Detail
            : outcomes.Any(o => o.Failure is null) ? null
            : outcomes[0].Detail;
    }

    /// <summary>The probe failed by a defect of ours: nothing is known of etcd.</summary>
    public static ProbeOutcome Defect(Exception e) =>
        new(FailureReason.Internal, $"a defect of the exporter, see its log: {e.GetType().Name}", null);

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
