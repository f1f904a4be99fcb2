using System.Collections.Immutable;
using EtcdProbeExporter.Etcd;

namespace EtcdProbeExporter.Monitoring;

/// <summary>
/// How far the member behind an endpoint has come by its own word, and since when it stands there. A fold over its samples. Moments are on
/// the monotonic clock: of asking for a sample, but for <see cref="Known"/>.
/// </summary>
internal sealed record MemberProgress
{
    private const int MostKnown = 32;

    public required ulong MemberId { get; init; }

    public required ulong ClusterId { get; init; }

    public required ulong Term { get; init; }

    /// <summary>The first sample that showed this term was asked for then.</summary>
    public required TimeSpan TermSince { get; init; }

    public required ulong RaftIndex { get; init; }

    public required TimeSpan RaftSince { get; init; }

    public required ulong AppliedIndex { get; init; }

    public required TimeSpan AppliedSince { get; init; }

    /// <summary>Since when the applied index is one and the same, and behind the raft index; null: it is not.</summary>
    public required TimeSpan? BehindSince { get; init; }

    /// <summary>When the newest sample was asked for.</summary>
    public required TimeSpan Seen { get; init; }

    /// <summary>The last values of the raft index, and when we first knew of each.</summary>
    public required ImmutableArray<(TimeSpan At, ulong RaftIndex)> Known { get; init; }

    /// <summary>For how long its log has stood still.</summary>
    public TimeSpan LogStands => Seen - RaftSince;

    /// <summary>For how long it has had entries to apply and applied none.</summary>
    public TimeSpan ApplyStands => BehindSince is { } since ? Seen - since : TimeSpan.Zero;

    /// <summary>Without a new sample nothing changes; another member behind the endpoint begins anew.</summary>
    public static MemberProgress? After(MemberProgress? before, MemberSample? sample)
    {
        if (sample is null || sample.Sent <= before?.Seen)
        {
            return before;
        }

        var (status, sent) = (sample.Status, sample.Sent);
        var past = before?.MemberId == status.MemberId && before.ClusterId == status.ClusterId ? before : null;
        var goesOn = past is null || past.RaftIndex != status.RaftIndex;
        var applies = past is null || past.AppliedIndex != status.RaftAppliedIndex;
        return new MemberProgress
        {
            MemberId = status.MemberId,
            ClusterId = status.ClusterId,
            Term = status.Term,
            TermSince = past is not null && past.Term == status.Term ? past.TermSince : sent,
            RaftIndex = status.RaftIndex,
            RaftSince = goesOn ? sent : past!.RaftSince,
            AppliedIndex = status.RaftAppliedIndex,
            AppliedSince = applies ? sent : past!.AppliedSince,
            BehindSince = status.RaftAppliedIndex >= status.RaftIndex ? null : applies ? sent : past!.BehindSince ?? sent,
            Seen = sent,
            Known = goesOn ? [.. (past?.Known ?? []).TakeLast(MostKnown - 1), (sample.Received, status.RaftIndex)] : past!.Known,
        };
    }

    /// <summary>The raft index as we knew it at a moment; 0 when we did not yet.</summary>
    public ulong RaftIndexAt(TimeSpan moment) => Known.LastOrDefault(k => k.At <= moment).RaftIndex;
}
