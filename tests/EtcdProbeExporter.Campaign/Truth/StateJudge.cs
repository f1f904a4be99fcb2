using EtcdProbeExporter.Campaign.Exporters;

namespace EtcdProbeExporter.Campaign.Truth;

/// <summary>The state of every endpoint in every scrape, against what the injector did and the independent client met. Pure.</summary>
internal sealed class StateJudge(Judged episode)
{
    public const string NoFault = "no fault";

    private readonly List<Misjudgement> _wrong = [];

    /// <summary>Scrapes per truth and state, of times when nothing was changing.</summary>
    public Dictionary<(string Truth, string State), int> Matrix { get; } = [];

    public IReadOnlyList<Misjudgement> Judge()
    {
        var warm = episode.Warm;
        foreach (var look in episode.Exporter.Looks.Where(l => l.Sent >= warm))
        {
            foreach (var (endpoint, life) in episode.Ledger.Lives)
            {
                JudgeOne(look, endpoint, life);
            }
        }

        return Misjudgement.Joined(_wrong, TimeSpan.FromSeconds(1));
    }

    /// <summary>How long each demanded injury took to be seen, from when it was confirmed; null: never.</summary>
    public IEnumerable<(Injury Injury, TimeSpan? Seen)> Detections()
    {
        foreach (var injury in episode.Ledger.Injuries.Where(c => c.Demanded && c.Confirmed < TimeSpan.MaxValue && !IsUnwatched(c)))
        {
            var look = episode.Exporter.Looks.FirstOrDefault(l =>
                l.Received >= injury.From && l.Sent <= injury.To && l.States.TryGetValue(injury.Endpoint, out var s) && injury.States.Contains(s));
            if (look is not null || injury.Ending - injury.Confirmed > episode.Bound)
            {
                yield return (injury, look is null ? null : Max(look.Received - injury.Confirmed, TimeSpan.Zero));
            }
        }
    }

    // The exporter was stopped or restarted just then.
    private bool IsUnwatched(Injury injury) =>
        episode.Exporter.Absences.Any(a => a.To >= injury.From && a.From <= injury.Confirmed + (2 * episode.Bound)) || episode.Exporter.Started > injury.From;

    private void JudgeOne(Look look, string endpoint, (TimeSpan From, TimeSpan To) life)
    {
        var (from, to) = episode.WindowOf(look);
        if (to < life.From || from > life.To)
        {
            return; // not there, or no more
        }

        var state = look.States.GetValueOrDefault(endpoint, "absent");
        var touching = episode.Ledger.Injuries.Where(c => c.Endpoint == endpoint && c.Touches(from, to)).ToList();
        var covering = touching.Where(c => c.Demanded && c.Covers(from, to)).ToList();
        if (covering.Count > 0)
        {
            var demanded = touching.SelectMany(c => c.States).ToHashSet();
            Count(covering[0].Fault, state);
            Check(look, endpoint, state, demanded);
            return;
        }

        var met = episode.In(endpoint, from, to).Where(s => !touching.Exists(c => c.Strict && s.Start >= c.From && s.Start + s.Duration <= c.To)).ToList();
        var explained = Evidence.Explains(met, episode.Timeout);
        var allowed = States.Healthy.Concat(touching.SelectMany(c => c.States)).Concat(explained).ToHashSet();
        if (touching.Exists(i => i.Ending <= to))
        {
            allowed.UnionWith(States.Returning);
        }

        if (touching.Count > 0 || explained.Count > 0 || WasIll(endpoint, from))
        {
            allowed.UnionWith(States.Fading);
        }
        else
        {
            Count(NoFault, state);
        }

        // Before its first probes have ended, after its start and after a restart.
        if (life.From >= from || episode.Exporter.Started >= from || episode.Exporter.Absences.Any(a => a.To >= from && a.From <= to))
        {
            allowed.UnionWith([.. States.Unknown, "absent"]);
        }

        if (life.To <= to)
        {
            allowed.Add("absent");
        }

        if (touching.Count == 0 && life.From < from && episode.In(endpoint, from, to) is { } all && Evidence.NothingWritten(all)
            && all.Where(s => s.IsWrite).Min(s => s.Start) <= from)
        {
            allowed.Remove("healthy");
        }

        Check(look, endpoint, state, allowed);
    }

    private bool WasIll(string endpoint, TimeSpan to)
    {
        var from = to - (States.FadingSlots * episode.Interval);
        return episode.Ledger.Injuries.Any(c => c.Endpoint == endpoint && c.Touches(from, to))
            || Evidence.Explains(episode.In(endpoint, from, to), episode.Timeout).Count > 0;
    }

    private void Count(string truth, string state) => Matrix[(truth, state)] = Matrix.GetValueOrDefault((truth, state)) + 1;

    private void Check(Look look, string endpoint, string state, HashSet<string> allowed)
    {
        if (!allowed.Contains(state))
        {
            _wrong.Add(new Misjudgement(endpoint, state, string.Join("|", allowed.Order(StringComparer.Ordinal)), look.Sent, look.Received));
        }
    }

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
