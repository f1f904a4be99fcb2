using EtcdProbeExporter.Consensus;
using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Probing.Endpoints;
using EtcdProbeExporter.Probing.Operations;

namespace EtcdProbeExporter.Monitoring;

/// <summary>
/// Where a member hangs, from its own answers, as real members of all releases give them when one part of them is made to hang:
/// <list type="table">
/// <item>log: Status answers; its raft index stands still behind the others', and its applied index beside it</item>
/// <item>apply: Status answers; its raft index goes on, its applied index stands still</item>
/// <item>backend: Status hangs; its own metrics tell whether it defragments, and whether syncs of its log go on</item>
/// </list>
/// Pure.
/// </summary>
/// <param name="Site">Null: not known yet, or it does not hang.</param>
/// <param name="IsUndecided">Samples that are to come will decide.</param>
/// <param name="WantsWitness">The member's own metrics can show more.</param>
internal sealed record StallEvidence(StallSite? Site, bool IsUndecided = false, bool WantsWitness = false)
{
    /// <summary>
    /// Standing still for less is what a slow disk does: with every sync 600 ms late, the log moves once in one or two seconds (measured).
    /// </summary>
    public static readonly TimeSpan Still = TimeSpan.FromSeconds(2);

    /// <summary>The others' index must have been known that long before: a healthy follower learns it with the next heartbeat.</summary>
    private static readonly TimeSpan Lag = TimeSpan.FromSeconds(1.5);

    private static readonly StallEvidence Undecided = new(null, IsUndecided: true);
    private static readonly StallEvidence Moves = new((StallSite?)null);

    /// <param name="endpoint">What probes brought.</param>
    /// <param name="hang">What does not end here.</param>
    /// <param name="own">How far the member is.</param>
    /// <param name="others">How far the other members of the cluster are.</param>
    /// <param name="now">On the monotonic clock: the moment of the snapshot.</param>
    public static StallEvidence Of(EndpointSnapshot endpoint, Hang hang, MemberProgress? own, IReadOnlyList<MemberProgress> others, TimeSpan now)
    {
        if (endpoint.Kind is not (null or EndpointKind.Member))
        {
            // One member after another answers, or none: what they say of themselves does not add up, and whose metrics these are nobody knows.
            return Hang.IsComplete(endpoint) ? new StallEvidence(StallSite.Unclear) : Moves;
        }

        if (endpoint.Sample is null || own is null || own.Seen < hang.NoticedAt)
        {
            return Hang.InStatus(endpoint) ? Witnessed(endpoint, hang, others)
                : endpoint.Operation(ProbeOperation.Status)?.Last is { Failure: FailureReason.PermissionDenied or FailureReason.Unauthenticated }
                    ? new StallEvidence(StallSite.Unclear) // nothing more is known of who withholds its indexes
                    : Undecided;
        }

        if (others.Count == 0 && own.BehindSince is not null && endpoint.Operation(ProbeOperation.Put) is { } put)
        {
            return OfTheOnlyOne(put, hang, own, now);
        }

        var ahead = others.Count > 0 && others.Max(o => o.RaftIndexAt(own.Seen - Lag)) > own.RaftIndex;
        var standsThroughout = own.RaftSince <= hang.Since;
        return ahead && own.LogStands >= Still ? new StallEvidence(StallSite.Log)
            : own.ApplyStands >= Still ? new StallEvidence(StallSite.Apply)
            : own.AppliedSince > hang.NoticedAt ? Moves
            : own.BehindSince is null && standsThroughout && hang.HoldsPut && others.Count == 0 ? new StallEvidence(StallSite.Log) // nobody else could commit it
            : own.Seen - hang.NoticedAt < Still ? Undecided
            : own.BehindSince is null && standsThroughout && hang.HoldsPut ? new StallEvidence(StallSite.Unclear)
            : Moves;
    }

    /// <summary>
    /// A lone member counts an entry as committed before it is saved: the first put that hangs moves its raft index and leaves the applied one behind,
    /// whatever hangs. Only those after it decide: they move the index where the log goes on, and do not where it hangs (measured on 3.5).
    /// </summary>
    private static StallEvidence OfTheOnlyOne(OperationSnapshot put, Hang hang, MemberProgress own, TimeSpan now)
    {
        List<TimeSpan> sent = [.. put.Slots.Where(s => s.End == SlotEnd.TimedOut && s.Began >= hang.Since).Select(s => s.Began)];
        if (put.InFlight > TimeSpan.Zero)
        {
            sent.Add(now - put.InFlight);
        }

        return sent.Count < 2 ? Undecided
            : own.RaftSince < sent[^1] ? own.Seen - sent[^1] >= Still ? new StallEvidence(StallSite.Log) : Undecided
            : own.ApplyStands >= Still ? new StallEvidence(StallSite.Apply)
            : own.AppliedSince > hang.NoticedAt ? Moves
            : Undecided;
    }

    private static StallEvidence Witnessed(EndpointSnapshot endpoint, Hang hang, IReadOnlyList<MemberProgress> others)
    {
        var sight = endpoint.Storage ?? StorageSight.None;
        var readings = sight.Readings.Where(r => r.At >= hang.Since).ToList();
        StallSite? site = readings switch
        {
            [.., { IsDefragmenting: true }] => StallSite.Defragmentation,
            [var first, var last] when last.LogSyncs > first.LogSyncs => StallSite.Database,
            [var first, var last] when others.Count == 0 || others.Any(o => o.RaftIndexAt(last.At) > o.RaftIndexAt(first.At)) => StallSite.Disk,
            [_, ..] => StallSite.Backend,
            _ when sight.Objection is not null => StallSite.Backend,
            _ => null,
        };
        return new StallEvidence(site, site is null, WantsWitness: true);
    }
}
