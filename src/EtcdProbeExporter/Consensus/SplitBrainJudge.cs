using EtcdProbeExporter.Etcd;

namespace EtcdProbeExporter.Consensus;

/// <summary>
/// Tells a stale leader from a split brain. Deterministic: no clock, no I/O; feed it every round of samples.
/// <para>What raft makes look like a split, and for how long:</para>
/// <list type="bullet">
/// <item>The visible term is that of the last entry a member applied (etcd server/etcdserver/server.go), so a new leader shows its
/// predecessor's term until its first own entry is applied: two claims in one term, normally for milliseconds, as long as the new leader
/// cannot commit or lags in applying at worst.</item>
/// <item>A leader that is cut off goes on claiming until check-quorum runs: one to two election timeouts (raft tickElection; 1 s each by
/// default, 1.2 to 1.9 s measured).</item>
/// <item>A leader whose raft loop hangs in fdatasync cannot step down at all: it claims, at its old term, for as long as the hang lasts
/// (etcd issue 13527).</item>
/// <item>Samples are not simultaneous: a claim that ended and one that began later can stand in one round. Only a claim that was seen on
/// both sides of another is known to have overlapped it (<see cref="ClaimSpan.SurelyOverlap"/>).</item>
/// </list>
/// <para>What none of these can do is commit. Committing as leader takes acknowledgements of a quorum, and a quorum that elected another
/// has stopped giving them; what was under way arrives at once when a stopped process resumes, which is one rise of the commit index, or
/// two. So two claimants in one term count as a split only when their commit indexes have risen in turn, now the one and then the other,
/// <see cref="TurnsThatProve"/> times, over <see cref="ProofTime"/> at least: five times the longest that check-quorum takes by default.
/// (Rises alone do not prove it, as simulated histories show: two members that lag in applying may lose and win the leadership again
/// between looks, at terms that nobody sees. Each turn would need one such change.)</para>
/// <para><c>confirmed</c> needs one of: two cluster ids in samples newer than the first sight of the second id; two committing
/// claimants in the highest term, as above; a linearizable read that missed an acknowledged write. <c>suspected</c>: claimants in one term
/// for <see cref="SuspicionTime"/> where no quorum says who leads; or two of different terms that both go on committing.
/// <c>stale_leader</c>: overlapping claims where term or quorum tells who is stale; or one claimant while a quorum names another, in two
/// rounds at least <see cref="ContradictionTime"/> apart.</para>
/// <para>A quorum's word tells who of two is stale only if no claimant shows a higher term than those who give it: then it is a word from
/// before that claimant's election. So the claimant of the highest term is never the stale one.</para>
/// </summary>
/// <param name="memory">How long a claim is remembered of a member that does not answer; longer than samples are apart.</param>
internal sealed class SplitBrainJudge(TimeSpan memory)
{
    public static readonly TimeSpan ProofTime = TimeSpan.FromSeconds(10);
    public static readonly TimeSpan SuspicionTime = TimeSpan.FromSeconds(5);
    public static readonly TimeSpan ContradictionTime = TimeSpan.FromMilliseconds(200);

    /// <summary>How long a broken promise of linearizability keeps the verdict up: long enough that nobody misses it.</summary>
    public static readonly TimeSpan ViolationTime = TimeSpan.FromMinutes(5);

    public const int RisesThatProve = 3;

    /// <summary>How often the two must have taken turns in committing.</summary>
    public const int TurnsThatProve = 2 * RisesThatProve;

    private readonly Claims _claims = new(memory);
    private TimeSpan? _secondClusterSince;
    private (ulong Claimant, ulong Leader, TimeSpan Since)? _contradiction;
    private (TimeSpan At, string What)? _violation;

    public SplitBrainVerdict Verdict { get; private set; } = SplitBrainVerdict.None;

    /// <summary>See <see cref="ViewContext.ClaimedSince"/>; for the next view.</summary>
    public IReadOnlyDictionary<ulong, TimeSpan> ClaimedSince => _claims.Spans.ToDictionary(c => c.MemberId, c => c.FirstSent);

    /// <summary>Whether the newest round shows anything that wants a second look at once.</summary>
    public bool WantsAnotherLook { get; private set; }

    /// <summary>A linearizable read missed a write that was acknowledged before it began.</summary>
    public void LinearizabilityBroken(TimeSpan now, string what) => _violation = (now, what);

    /// <summary>The cluster was restored, or is another one: claims from before say nothing of it.</summary>
    public void Restart()
    {
        _claims.Clear();
        _contradiction = null;
        _secondClusterSince = null;
    }

    public SplitBrainVerdict Judge(IReadOnlyList<EndpointObservation> observations, ClusterView view, TimeSpan now)
    {
        _claims.Follow(view, now);
        var twoClusters = FollowClusterIds(observations, view, now);
        var contradicted = FollowContradiction(view, now);
        WantsAnotherLook = _claims.Spans.Count > 1 || view.ClusterIds.Count > 1 || _contradiction is not null;

        var found = Confirmed(view, now, twoClusters) ?? Suspected(view, now) ?? Stale(view, now, contradicted);
        if (found is null)
        {
            Verdict = Verdict.State == SplitBrainState.None ? Verdict : SplitBrainVerdict.None with { Since = now };
        }
        else
        {
            Verdict = found.State == Verdict.State ? found with { Since = Verdict.Since } : found;
        }

        return Verdict;
    }

    /// <summary>True when every cluster id was seen again after the second one had first been seen.</summary>
    private bool FollowClusterIds(IReadOnlyList<EndpointObservation> observations, ClusterView view, TimeSpan now)
    {
        if (view.ClusterIds.Count < 2)
        {
            _secondClusterSince = null;
            return false;
        }

        if (_secondClusterSince is not { } since)
        {
            _secondClusterSince = now;
            return false;
        }

        return view.ClusterIds.All(id => observations.Any(o => o.Sample is { } s && s.Status.ClusterId == id && s.Sent > since));
    }

    /// <summary>A claimant against whom a quorum names another leader, once that has been seen twice.</summary>
    private ClaimSpan? FollowContradiction(ClusterView view, TimeSpan now)
    {
        var claimant = QuorumCounts(view) ? _claims.Spans.FirstOrDefault(c => c.MemberId != view.Leader!.MemberId) : null;
        if (claimant is null)
        {
            _contradiction = null;
            return null;
        }

        var (id, named) = (claimant.MemberId, view.Leader!.MemberId);
        if (_contradiction is not { } known || known.Claimant != id || known.Leader != named)
        {
            _contradiction = (id, named, now);
            return null;
        }

        return now - known.Since >= ContradictionTime && claimant.Last.Sent > known.Since ? claimant : null;
    }

    private SplitBrainVerdict? Confirmed(ClusterView view, TimeSpan now, bool twoClusters)
    {
        if (twoClusters)
        {
            var ids = string.Join(", ", view.ClusterIds.Select(EtcdId.Format));
            return new SplitBrainVerdict(
                SplitBrainState.Confirmed, now, $"the endpoints of one configured cluster answer for {view.ClusterIds.Count} clusters: {ids}", [], null);
        }

        if (_violation is { } violation && now - violation.At < ViolationTime)
        {
            return new SplitBrainVerdict(SplitBrainState.Confirmed, now, violation.What, [], null);
        }

        var proven = _claims.Rivalries.FirstOrDefault(r => r.SameTerm && r.Term == view.MaxTerm && r.SameTermFor(now) >= ProofTime
            && r.Turns >= TurnsThatProve);
        return proven is null
            ? null
            : new SplitBrainVerdict(
                SplitBrainState.Confirmed, now, $"{Name(proven.A, view)} and {Name(proven.B, view)} both lead and both commit at term {proven.Term}", [], null);
    }

    private SplitBrainVerdict? Suspected(ClusterView view, TimeSpan now)
    {
        foreach (var rivalry in _claims.Rivalries)
        {
            if (rivalry.SameTerm && rivalry.SameTermFor(now) >= SuspicionTime && !QuorumTells(rivalry, view))
            {
                return new SplitBrainVerdict(
                    SplitBrainState.Suspected,
                    now,
                    $"{Name(rivalry.A, view)} and {Name(rivalry.B, view)} both claim leadership at term {rivalry.Term}, and no quorum says which of them leads",
                    [],
                    null);
            }

            // Whom the quorum follows may commit; the other may not. Without a quorum's word, the lower term may not.
            var leads = rivalry.A.MemberId == view.Leader?.MemberId ? rivalry.A
                : rivalry.B.MemberId == view.Leader?.MemberId ? rivalry.B
                : rivalry.Higher;
            var other = leads == rivalry.A ? rivalry.B : rivalry.A;
            if (!rivalry.SameTerm && now - rivalry.Since >= ProofTime && rivalry.CommitRisesOf(other) >= RisesThatProve)
            {
                return new SplitBrainVerdict(
                    SplitBrainState.Suspected,
                    now,
                    $"{Name(other, view)} goes on committing at term {other.Term} "
                    + $"while the cluster follows {Name(leads, view)} at term {leads.Term}",
                    [],
                    null);
            }
        }

        return null;
    }

    private SplitBrainVerdict? Stale(ClusterView view, TimeSpan now, ClaimSpan? contradicted)
    {
        // The quorum's word comes first; where there is none that counts, the highest term, and of equal terms nobody knows.
        var counts = QuorumCounts(view);
        var rivals = _claims.Rivalries.Where(r => !r.SameTerm || (counts && QuorumTells(r, view))).ToList();
        var leader = counts ? _claims.Of(view.Leader!.MemberId) : rivals.MaxBy(r => r.Term)?.Higher;
        ClaimSpan?[] claimants = [.. rivals.SelectMany(r => new[] { r.A, r.B }), contradicted];
        var stale = claimants.OfType<ClaimSpan>().Where(c => c != leader && !IsAhead(c, leader)).Distinct().Select(c => Claim(c, view)).ToList();
        if (stale.Count == 0)
        {
            return null;
        }

        var names = string.Join(", ", stale.Select(c => $"{NameOr(c.MemberName, c.MemberId)} ({c.Endpoint}) at term {c.Term}"));
        var follows = leader is not null
            ? $"{Name(leader, view)} at term {leader.Term}"
            : NameOr(view.Leader!.MemberName, view.Leader.MemberId);
        return new SplitBrainVerdict(
            SplitBrainState.StaleLeader,
            now,
            $"stale leader: {names}; the cluster follows {follows}",
            stale,
            leader is null ? null : Claim(leader, view));
    }

    /// <summary>A quorum names one of the two, or a third, and who is not named has not committed since: it is stale.</summary>
    private static bool QuorumTells(Rivalry rivalry, ClusterView view)
    {
        if (view.Leader is not { } leader || leader.Term < rivalry.Term)
        {
            return false;
        }

        return new[] { rivalry.A, rivalry.B }.All(c => c.MemberId == leader.MemberId || rivalry.CommitRisesOf(c) < RisesThatProve);
    }

    // A new leader has every entry that an older one has committed. One that applies slowly shows an old term for long; its commit index shows it.
    private static bool IsAhead(ClaimSpan claimant, ClaimSpan? leader) =>
        leader is not null && claimant.Last.Status.RaftIndex > leader.Last.Status.RaftIndex;

    /// <summary>A quorum names a leader, and nobody claims to lead at a higher term than those who name it show.</summary>
    private bool QuorumCounts(ClusterView view)
    {
        if (view.Leader is not { } leader)
        {
            return false;
        }

        var term = Math.Max(leader.Term, _claims.Of(leader.MemberId)?.Term ?? 0);
        return _claims.Spans.All(c => c.MemberId == leader.MemberId || c.Term <= term);
    }

    private static LeaderClaim Claim(ClaimSpan span, ClusterView view) => new(
        span.MemberId, ClusterViews.NameOf(view.MemberList, span.MemberId), span.Last.Endpoint, span.Term);

    private static string Name(ClaimSpan span, ClusterView view) =>
        $"{NameOr(ClusterViews.NameOf(view.MemberList, span.MemberId), span.MemberId)} ({span.Last.Endpoint})";

    private static string NameOr(string name, ulong id) => name.Length > 0 ? name : EtcdId.Format(id);
}
