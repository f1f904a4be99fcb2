using EtcdProbeExporter.Etcd;

namespace EtcdProbeExporter.Consensus;

/// <summary>Puts a <see cref="ClusterView"/> together. Pure: the same observations give the same view.</summary>
internal static class ClusterViews
{
    public static ClusterView Of(IReadOnlyList<EndpointObservation> observations)
    {
        var answering = observations.Where(o => o.Facts is not null).ToList();
        var main = MainCluster(answering);
        var native = answering.Where(o => o.Facts!.ClusterId == main).ToList();
        var facts = native.Select(o => o.Facts!).ToList();
        var members = native.Select(o => o.Sample).OfType<MemberSample>()
            .GroupBy(s => s.Status.MemberId)
            .Select(g => g.MaxBy(s => s.Received)!)
            .ToList();
        var (list, listViews) = MemberList(native);
        var mismatch = Mismatch(observations, answering, main, list);
        var voters = list?.Where(m => !m.IsLearner).ToList();
        return new ClusterView
        {
            ClusterIds = [.. answering.Select(o => o.Facts!.ClusterId).Distinct()],
            MainClusterId = main,
            Members = members,
            MemberList = list,
            MemberListViews = listViews,
            Leader = Agreed(members, list, mismatch),
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
            Voters = voters?.Count,
            Learners = list?.Count - voters?.Count,
            HealthyVoters = HealthyVoters(observations, voters),
            Mismatch = mismatch,
        };
    }

    /// <summary>The id that most endpoints answer with; among equals the one configured first, so that a lone pair does not flip.</summary>
    public static ulong? MainCluster(IReadOnlyList<EndpointObservation> answering) => answering
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
        list.OrderBy(m => m.Id).Select(m => $"{m.Id:x}{(m.IsLearner ? " learner " : " ")}{string.Join(',', m.ClientUrls.Order(StringComparer.Ordinal))}"));

    private static AgreedLeader? Agreed(IReadOnlyList<MemberSample> members, IReadOnlyList<ClusterMember>? list, MemberMismatch mismatch)
    {
        var voting = members.Where(s => !s.Status.IsLearner).ToList();
        var named = voting.Where(s => s.Status.HasLeader).GroupBy(s => s.Status.Leader).MaxBy(g => g.Count());
        if (named is null)
        {
            return null;
        }

        // Where only some members are probed, all of these must agree, up to a quorum: it is the most that can be asked for.
        var voters = list?.Count(m => !m.IsLearner) ?? voting.Count;
        var probed = Math.Max(1, voters - mismatch.NotProbed.Count);
        var needed = Math.Min((voters / 2) + 1, probed);
        return named.Count() >= needed
            ? new AgreedLeader(
                named.Key, NameOf(list, named.Key), members.FirstOrDefault(s => s.Status.MemberId == named.Key)?.Endpoint ?? "")
            : null;
    }

    private static int HealthyVoters(IReadOnlyList<EndpointObservation> observations, IReadOnlyList<ClusterMember>? voters)
    {
        var healthy = observations.Where(o => o.State == EndpointState.Healthy).Select(o => o.Facts?.MemberId).OfType<ulong>().ToHashSet();
        return voters?.Count(v => healthy.Contains(v.Id)) ?? 0;
    }

    private static MemberMismatch Mismatch(
        IReadOnlyList<EndpointObservation> all,
        IReadOnlyList<EndpointObservation> answering,
        ulong? main,
        IReadOnlyList<ClusterMember>? list)
    {
        var foreign = answering.Where(o => o.Facts!.ClusterId != main).Select(o => o.Endpoint).ToList();
        var native = answering.Where(o => o.Facts!.ClusterId == main).ToList();
        return new MemberMismatch
        {
            ForeignCluster = foreign,
            DuplicateMember = [.. native.GroupBy(o => o.Facts!.MemberId).SelectMany(g => g.Skip(1)).Select(o => o.Endpoint)],
            NotInMemberList = list is null
                ? []
                : [.. native.Where(o => list.All(m => m.Id != o.Facts!.MemberId)).Select(o => o.Endpoint)],
            NotProbed = list is null ? [] : NotProbed(all, list, foreign),
        };
    }

    /// <summary>
    /// Members that no endpoint leads to. An endpoint that does not answer is matched by the member that answered there before, or by its
    /// address; one that never answered, under an address that no member advertises, may be any of the members left over.
    /// </summary>
    private static List<string> NotProbed(
        IReadOnlyList<EndpointObservation> all, IReadOnlyList<ClusterMember> list, IReadOnlyList<string> foreign)
    {
        var known = all.Select(o => o.Facts?.MemberId ?? o.LastMemberId).OfType<ulong>().ToHashSet();
        var left = list.Where(m => !known.Contains(m.Id) && !all.Any(o => IsAddressOf(o.Endpoint, m))).ToList();
        var strangers = all.Count(o => o.Facts is null && o.LastMemberId is null
            && !foreign.Contains(o.Endpoint) && !list.Any(m => IsAddressOf(o.Endpoint, m)));
        return [.. left.Skip(strangers).Select(m => m.Name.Length > 0 ? m.Name : EtcdId.Format(m.Id))];
    }

    private static bool IsAddressOf(string endpoint, ClusterMember member) =>
        member.ClientUrls.Any(url => Uri.TryCreate(url, UriKind.Absolute, out var uri)
            && string.Equals(uri.Authority, endpoint, StringComparison.OrdinalIgnoreCase));
}
