using EtcdProbeExporter.Etcd;

namespace EtcdProbeExporter.Consensus;

/// <summary>Puts a <see cref="ClusterView"/> together. Pure: the same observations and context give the same view.</summary>
internal static class ClusterViews
{
    public static ClusterView Of(IReadOnlyList<EndpointObservation> observations, ViewContext? context = null)
    {
        context ??= ViewContext.None;
        var answering = observations.Where(o => o.Facts is not null).ToList();
        var main = context.ClusterId ?? MostShown(answering);
        var native = answering.Where(o => o.Facts!.ClusterId == main).ToList();
        var facts = native.Select(o => o.Facts!).ToList();
        var members = native.Select(o => o.Sample).OfType<MemberSample>()
            .GroupBy(s => s.Status.MemberId)
            .Select(g => g.MaxBy(s => s.Received)!)
            .ToList();
        var (told, listViews) = MemberList(native);
        var list = told ?? context.MemberList;
        var voters = list is null ? null : Voters.Of(list, observations, main);
        var voting = members.Where(s => !s.Status.IsLearner).ToList();
        var leader = Agreed(members, voting, list, voters, observations, context);
        return new ClusterView
        {
            ClusterIds = [.. answering.Select(o => o.Facts!.ClusterId).Distinct()],
            MainClusterId = main,
            Members = members,
            MemberList = list,
            MemberListViews = listViews,
            Leader = leader,
            HasLeader = leader is not null ? true : CouldLead(voting, voters, context) ? null : false,
            Claims =
            [
                .. members.Where(s => s.Status.ClaimsLeadership)
                    .OrderBy(s => s.Status.MemberId)
                    .Select(s => new LeaderClaim(s.Status.MemberId, NameOf(list, s.Status.MemberId), s.Endpoint, s.Status.Term)),
            ],
            LeaderViews = members.Where(s => s.Status.HasLeader).Select(s => s.Status.Leader).Distinct().Count(),
            MaxTerm = facts.Count > 0 ? facts.Max(f => f.Term) : null,
            MinTerm = facts.Count > 0 ? facts.Min(f => f.Term) : null,
            MaxRevision = facts.Count > 0 ? facts.Max(f => f.Revision) : null,
            MinRevision = facts.Count > 0 ? facts.Min(f => f.Revision) : null,
            Voters = voters,
            Learners = list?.Count(m => m.IsLearner),
            FailureTolerance = Tolerance(voters, leader is not null, context.Writable),
            Mismatch = Mismatches.Of(observations, main, list, voters),
        };
    }

    /// <summary>The id that most members answer with; among equals the one configured first, so that a lone pair does not flip.</summary>
    public static ulong? MostShown(IReadOnlyList<EndpointObservation> answering) => answering
        .Where(o => o.Facts is not null)
        .GroupBy(o => o.Facts!.ClusterId)
        .OrderByDescending(g => g.Select(o => o.Facts!.MemberId).Distinct().Count())
        .FirstOrDefault()?.Key;

    public static string NameOf(IReadOnlyList<ClusterMember>? list, ulong memberId) =>
        list?.FirstOrDefault(m => m.Id == memberId)?.Name ?? "";

    private static (IReadOnlyList<ClusterMember>? List, int Views) MemberList(IReadOnlyList<EndpointObservation> native)
    {
        var telling = native.Where(o => o.Members is { Count: > 0 }).ToList();
        if (telling.Count > 0 && telling.All(o => ReferenceEquals(o.Members, telling[0].Members)))
        {
            return (telling[0].Members, 1);
        }

        var lists = telling.GroupBy(o => Fingerprint(o.Members!), StringComparer.Ordinal).ToList();
        var common = lists
            .OrderByDescending(g => g.Count())
            .ThenByDescending(g => g.Max(o => o.Sample?.Status.RaftAppliedIndex ?? 0)) // of equal numbers, whoever has applied more knows better
            .FirstOrDefault();
        return (common?.First().Members, lists.Count);
    }

    // Names are left out: a member that was added and has not started has none yet, and gets one without a change of membership.
    private static string Fingerprint(IReadOnlyList<ClusterMember> list) => string.Join(
        '\n',
        list.OrderBy(m => m.Id).Select(m => $"{m.Id:x} {m.IsLearner} {string.Join(',', m.ClientUrls.Order(StringComparer.Ordinal))}"));

    private static AgreedLeader? Agreed(
        List<MemberSample> members,
        List<MemberSample> voting,
        IReadOnlyList<ClusterMember>? list,
        IReadOnlyList<Voter>? voters,
        IReadOnlyList<EndpointObservation> observations,
        ViewContext context)
    {
        if (LeaderVotes.Count(voting, Needed(voting, voters), context.ClaimedSince) is not { } named)
        {
            return null;
        }

        // The followers say who it is; where it is, we know from when it last answered, or from its advertised address.
        var endpoint = members.FirstOrDefault(s => s.Status.MemberId == named.Leader)?.Endpoint
            ?? voters?.FirstOrDefault(v => v.Member.Id == named.Leader)?.Endpoint
            ?? observations.FirstOrDefault(o => o.LastMemberId == named.Leader)?.Endpoint;
        return new AgreedLeader(named.Leader, NameOf(list, named.Leader), endpoint ?? "", named.Term);
    }

    // Where only some voters are probed, all of these must agree, up to a quorum: it is the most that can be asked for.
    private static int Needed(List<MemberSample> voting, IReadOnlyList<Voter>? voters)
    {
        var all = voters?.Count ?? voting.Count;
        return Math.Min((all / 2) + 1, Math.Max(1, all - (voters?.Count(v => v.State is null) ?? 0)));
    }

    /// <summary>Asked where no quorum names a leader: whether voters that answer without telling their status could be those that are missing for one.</summary>
    private static bool CouldLead(List<MemberSample> voting, IReadOnlyList<Voter>? voters, ViewContext context)
    {
        var untold = voters?.Count(v => v.Answers && voting.TrueForAll(s => s.Status.MemberId != v.Member.Id)) ?? (voting.Count == 0 ? 1 : 0);
        return LeaderVotes.Most(voting, context.ClaimedSince) + untold >= Needed(voting, voters);
    }

    /// <summary>
    /// Voters that take part less the quorum. Null when some voter is not probed, because nobody knows then. Writes that are acknowledged
    /// prove a quorum, whatever single members look like from here.
    /// </summary>
    private static int? Tolerance(IReadOnlyList<Voter>? voters, bool hasLeader, bool? writable)
    {
        if (voters is null || voters.Any(v => !v.IsKnown))
        {
            return null;
        }

        var tolerance = voters.Count(v => v.TakesPart(hasLeader)) - ((voters.Count / 2) + 1);
        return writable == true ? Math.Max(0, tolerance) : tolerance;
    }
}
