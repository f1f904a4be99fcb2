using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Etcd.Protos;
using EtcdProbeExporter.Grpc;
using Google.Protobuf;

namespace EtcdProbeExporter.Probing.Operations;

/// <summary>How one call ended, before it is timed and filed: a reason and a sentence, or success and who answered.</summary>
internal readonly record struct ProbeOutcome(FailureReason? Failure, string Detail, ResponseFacts? Answer, KeyEvidence? Evidence = null)
{
    /// <summary>When the request was under way; null: it never was, the probe failed before that (or its call says nothing of it).</summary>
    public CallSpan? Span { get; init; }

    /// <summary>See <see cref="ProbeResult.IsConnectionLost"/>.</summary>
    public bool IsConnectionLost { get; init; }

    public static ProbeOutcome From<TResponse>(GrpcCallResult<TResponse> result, Func<TResponse, ResponseHeader?> header)
        where TResponse : class, IMessage<TResponse> =>
        Read(result, header) with { Span = result.Span };

    private static ProbeOutcome Read<TResponse>(GrpcCallResult<TResponse> result, Func<TResponse, ResponseHeader?> header)
        where TResponse : class, IMessage<TResponse> =>
        result.IsOk
            ? ResponseFacts.From(header(result.Message)) is { } answer
                ? new ProbeOutcome(null, "", answer)
                : new ProbeOutcome(FailureReason.Protocol, ResponseFacts.Missing, null)
            : new ProbeOutcome(FailureReasons.Classify(result.Failure), result.Failure.Detail, null)
            {
                IsConnectionLost = result.Failure.Kind == GrpcFailureKind.ConnectionLost,
            };

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

    /// <param name="operation">What was probed.</param>
    /// <param name="span">When the request was under way, or stands for it.</param>
    /// <param name="time">The clock of the span.</param>
    public ProbeResult ToResult(ProbeOperation operation, CallSpan span, TimeProvider time) => new()
    {
        Operation = operation,
        Sent = time.GetElapsedTime(0, span.Sent),
        Ended = time.GetElapsedTime(0, span.Ended),
        EndedAt = time.GetUtcNow(),
        Duration = time.GetElapsedTime(span.Sent, span.Ended),
        Failure = Failure,
        IsConnectionLost = IsConnectionLost,
        Detail = Detail,
        Answer = Answer,
        Evidence = Evidence,
    };
}

/// <summary>The outcome of one probe.</summary>
internal sealed record ProbeResult
{
    public required ProbeOperation Operation { get; init; }

    /// <summary>Monotonic clock: when the request was handed to the connection.</summary>
    public TimeSpan Sent { get; init; }

    /// <summary>Monotonic clock: when the answer was complete, or nobody waited for it any longer.</summary>
    public TimeSpan Ended { get; init; }

    /// <summary>Wall-clock time of the end, for people: nothing is judged by it.</summary>
    public required DateTimeOffset EndedAt { get; init; }

    /// <summary>From handing the request to the connection to the end: it is etcd's, what we were late is not in it.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Null: success.</summary>
    public required FailureReason? Failure { get; init; }

    /// <summary>Unavailable because the connection broke, and not by a word of etcd's.</summary>
    public bool IsConnectionLost { get; init; }

    /// <summary>A sentence for people on why it failed; empty on success. Never a label value: it is not from a closed set.</summary>
    public required string Detail { get; init; }

    /// <summary>Who answered. Null when nobody did, or without saying.</summary>
    public ResponseFacts? Answer { get; init; }

    /// <summary>Of a successful put or linearizable get; null otherwise.</summary>
    public KeyEvidence? Evidence { get; init; }

    public bool Succeeded => Failure is null;
}
