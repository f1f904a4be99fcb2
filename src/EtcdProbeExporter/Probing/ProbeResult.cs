using EtcdProbeExporter.Etcd;

namespace EtcdProbeExporter.Probing;

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
