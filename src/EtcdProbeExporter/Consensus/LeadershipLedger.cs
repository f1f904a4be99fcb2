using EtcdProbeExporter.Etcd;

namespace EtcdProbeExporter.Consensus;

/// <summary>Keeps the history that single views do not have: who led before, which terms were seen, how long nobody led.</summary>
internal sealed class LeadershipLedger
{
    private readonly Dictionary<string, (ulong MemberId, ulong Term)> _terms = new(StringComparer.Ordinal);
    private ulong? _leader;
    private ulong? _maxTerm;
    private TimeSpan? _previous;

    /// <summary>Takes the next round and returns what changed since the one before.</summary>
    public LeadershipChanges Observe(ClusterView view, TimeSpan now)
    {
        var leaderChanged = view.Leader is { } leader && _leader is { } before && leader.MemberId != before;
        _leader = view.Leader?.MemberId ?? _leader; // a gap between two reigns of the same leader is no change
        var termRose = view.MaxTerm > _maxTerm;
        _maxTerm = view.MaxTerm is { } term && (_maxTerm is not { } known || term > known) ? term : _maxTerm;

        // Nobody answering at all says nothing about a leader: only a round with answers can be leaderless.
        var leaderless = view.HasLeader == false && view.Members.Count > 0 && _previous is { } last ? now - last : TimeSpan.Zero;
        _previous = now;
        return new LeadershipChanges(leaderChanged, termRose, leaderless, [.. view.Members.Where(TermRose).Select(s => s.Endpoint)]);
    }

    /// <summary>The cluster was restored, or is another one: its terms begin anew.</summary>
    public void Restart()
    {
        _terms.Clear();
        (_leader, _maxTerm) = (null, null);
    }

    private bool TermRose(MemberSample sample)
    {
        var (member, term) = (sample.Status.MemberId, sample.Status.Term);
        var rose = _terms.TryGetValue(sample.Endpoint, out var known) && known.MemberId == member && term > known.Term;
        _terms[sample.Endpoint] = (member, term);
        return rose;
    }
}

/// <summary>What happened between two rounds. <paramref name="TermRoseOn"/>: endpoints whose member shows a higher term than before.</summary>
internal sealed record LeadershipChanges(bool LeaderChanged, bool TermRose, TimeSpan Leaderless, IReadOnlyList<string> TermRoseOn)
{
    public static readonly LeadershipChanges None = new(false, false, TimeSpan.Zero, []);
}
