using EtcdProbeExporter.Etcd;

namespace EtcdProbeExporter.Consensus;

/// <summary>
/// An unbroken row of samples in which one member claims to lead. A sample was true at one unknown instant between sending and receiving,
/// so the member surely claimed from <see cref="FirstReceived"/> to <see cref="LastSent"/>, and at some instant within the first and the
/// last sample each.
/// </summary>
internal sealed class ClaimSpan(MemberSample first)
{
    private readonly MemberSample _first = first;

    private bool _interrupted;

    public MemberSample Last { get; private set; } = first;

    /// <summary>How often the commit index was seen to rise while the member claimed.</summary>
    public int CommitRises { get; private set; }

    /// <summary>When the first sample of the claim was asked for: before that, nobody has seen it.</summary>
    public TimeSpan FirstSent => _first.Sent;

    public ulong MemberId => _first.Status.MemberId;

    public ulong Term => Last.Status.Term;

    private TimeSpan FirstReceived => _first.Received;

    private TimeSpan LastSent => Last.Sent;

    public void Extend(MemberSample sample)
    {
        // What happened while it did not answer proves nothing: it may have lost the leadership and won it again.
        if (sample.Status.RaftIndex > Last.Status.RaftIndex && !_interrupted)
        {
            CommitRises++;
        }

        _interrupted = false;
        Last = sample;
    }

    /// <summary>The member did not answer the newest question.</summary>
    public void Interrupt() => _interrupted = true;

    /// <summary>
    /// Whether the two members claimed at one and the same instant, for certain: their sure spans meet, or one's whole sample lies within
    /// the other's sure span.
    /// </summary>
    public static bool SurelyOverlap(ClaimSpan a, ClaimSpan b) =>
        (a.FirstReceived <= a.LastSent && b.FirstReceived <= b.LastSent && a.FirstReceived <= b.LastSent && b.FirstReceived <= a.LastSent)
        || a.SurelyContains(b._first) || a.SurelyContains(b.Last) || b.SurelyContains(a._first) || b.SurelyContains(a.Last);

    private bool SurelyContains(MemberSample sample) => FirstReceived <= sample.Sent && sample.Received <= LastSent;
}

/// <summary>
/// A member says that it is the leader. <paramref name="Term"/> is the term of the last entry it applied: a new leader shows its
/// predecessor's for the moments until its first own entry is applied.
/// </summary>
internal sealed record LeaderClaim(ulong MemberId, string MemberName, string Endpoint, ulong Term);
