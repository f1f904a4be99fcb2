using EtcdProbeExporter.Campaign.Client;

namespace EtcdProbeExporter.Campaign.Truth;

/// <summary>
/// What is true of the cluster throughout a window, by the independent client and the injector; null where it changed or is not known. Pure.
/// </summary>
/// <param name="Leader">The member that every voter names who can take part; 0: they all see none.</param>
/// <param name="IsPlain">Whether everybody said so in time, and to the exporter too: else an exporter may not know, and must not say otherwise.</param>
/// <param name="Writable">Whether writes were done all the time, or not one.</param>
/// <param name="Tolerance">Bounds of the failure tolerance.</param>
/// <param name="IsFull">Whether space is what writes fail for.</param>
internal sealed record Picture(ulong? Leader, bool IsPlain, bool? Writable, (int Least, int Most)? Tolerance, bool IsFull)
{
    public static Picture Of(Judged episode, TimeSpan from, TimeSpan to, int voters)
    {
        var endpoints = episode.Ledger.Lives.Where(l => l.Value.From < from && l.Value.To > to && !episode.Others.Contains(l.Key)).Select(l => l.Key)
            .Select(e => new Seen(e, episode.In(e, from, to), [.. episode.Ledger.Injuries.Where(c => c.Endpoint == e && c.Touches(from, to))], from, to))
            .ToList();
        var comesOrGoes = episode.Ledger.Lives.Any(l => !episode.Others.Contains(l.Key) && ((l.Value.From >= from && l.Value.From <= to) || (l.Value.To >= from && l.Value.To <= to)));
        comesOrGoes |= endpoints.Exists(e => e.Injuries.Exists(i => i.LeadsElsewhere || (i.IsNoMember && !i.Covers(from, to))));
        endpoints.RemoveAll(e => e.Injuries.Exists(i => i.LeadsElsewhere || i.IsNoMember));
        var leader = comesOrGoes ? null : LeaderOf(endpoints, voters);
        var writes = endpoints.SelectMany(e => e.Samples).Where(s => s.IsWrite && !Evidence.IsOwnLogin(s)).ToList();
        bool? writable = endpoints.Exists(e => e.Injuries.Count == 0 && Evidence.IsCalm(e.Samples, episode.Timeout)) ? true
            : writes.Count > 0 && writes.TrueForAll(s => s.Ending != Ending.Done) && writes.Min(s => s.Start) <= from ? false
            : null;
        var isRefused = endpoints.Exists(e => e.Injuries.Exists(i => i.States.Contains("unauthorized")));
        writable = isRefused ? null : writable; // what others may write is not the exporter's to see
        var isFull = writes.Exists(s => s.Text.Contains("space exceeded", StringComparison.Ordinal))
            || endpoints.Exists(e => e.Injuries.Exists(c => c.States.Contains("no_space")));
        var isPlain = !isRefused && !endpoints.Exists(e => e.Samples.Any(s => !s.IsWrite && Evidence.IsTooLate(s, episode.Timeout)));
        return new Picture(leader, isPlain, writable, comesOrGoes ? null : ToleranceOf(endpoints, voters, leader, writable, episode.Timeout), isFull);
    }

    private static ulong? LeaderOf(List<Seen> endpoints, int voters)
    {
        var partakers = endpoints.Where(e => e.Part != Part.TakesNone).ToList();
        var statuses = partakers.SelectMany(e => e.Statuses).Where(s => !s.IsLearner).ToList();
        if (partakers.Exists(e => e.IsChanging) || statuses.Count == 0 || statuses.Select(s => (s.Leader, s.Leader == 0 ? 0 : s.Term)).Distinct().Count() > 1)
        {
            return null;
        }

        var members = statuses.Select(s => s.MemberId).Distinct().Count();
        var leader = statuses[0].Leader;
        var silentVoters = partakers.Count(e => !e.Statuses.Any());
        return leader == 0 && silentVoters == 0 ? 0
            : leader != 0 && members > voters / 2 ? leader
            : null;
    }

    private static (int, int)? ToleranceOf(List<Seen> endpoints, int voters, ulong? leader, bool? writable, TimeSpan timeout)
    {
        var asked = endpoints.Where(e => !e.IsLearner).ToList();
        if (leader is null || asked.Count != voters || asked.Exists(e => e.IsChanging))
        {
            return null;
        }

        var quorum = (voters / 2) + 1;
        if (leader == 0)
        {
            var answering = asked.Count(e => e.Injuries.TrueForAll(c => c.Answers));
            return (answering - quorum, answering - quorum);
        }

        // A member that nothing was done to and that does not serve well for another's fault: whether it takes part is not known.
        if (asked.Exists(e => e.Injuries.Count == 0 && !Evidence.IsCalm(e.Samples, timeout)))
        {
            return null;
        }

        var most = voters - asked.Count(e => e.Part == Part.TakesNone) - quorum;
        var least = most - asked.Count(e => e.Part == Part.Either);
        return writable == true ? (Math.Max(0, least), Math.Max(0, most)) : (least, most);
    }

    private sealed record Seen(string Endpoint, IReadOnlyList<Sample> Samples, List<Injury> Injuries, TimeSpan From, TimeSpan To)
    {
        public IEnumerable<StatusAnswer> Statuses => Samples.Select(s => s.Status).OfType<StatusAnswer>();

        public bool IsLearner => Statuses.Any(s => s.IsLearner);

        public Part Part => Injuries.Exists(c => c.Part == Part.TakesNone) ? Part.TakesNone
            : Injuries.Exists(c => c.Part == Part.Either) ? Part.Either
            : Part.Takes;

        /// <summary>A injury that matters for quorums began or ended within the window.</summary>
        public bool IsChanging => Injuries.Exists(c => (c.Part != Part.Takes || !c.Answers) && !c.Covers(From, To));
    }
}
