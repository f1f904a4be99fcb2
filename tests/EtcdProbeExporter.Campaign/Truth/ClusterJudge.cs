using System.Globalization;
using System.Text.RegularExpressions;
using EtcdProbeExporter.Campaign.Exporters;

namespace EtcdProbeExporter.Campaign.Truth;

/// <summary>
/// What the exporter says of the cluster in every scrape: verdict and violations at all times; leader, tolerance and writable whenever the
/// independent client's picture did not change for as long as the exporter may take to see it.
/// </summary>
internal sealed partial class ClusterJudge(Judged episode)
{
    private readonly List<Misjudgement> _wrong = [];

    /// <summary>How many scrapes could be held against each kind of fact.</summary>
    public Dictionary<string, int> Compared { get; } = [];

    public IReadOnlyList<Misjudgement> Judge()
    {
        var warm = episode.Warm;
        foreach (var look in episode.Exporter.Looks)
        {
            JudgeAlways(look);
            var (from, to) = episode.WindowOf(look);
            if (from >= warm && episode.Ledger.VotersIn(from, to) is { } voters)
            {
                JudgeSettled(look, Picture.Of(episode, from, to, voters));
            }
        }

        foreach (var missing in episode.Ledger.Expected.Where(e => !episode.Exporter.Looks.Any(l => l.Violations.ContainsKey(e))))
        {
            _wrong.Add(new Misjudgement("cluster", $"never says {missing}", missing, default, default));
        }

        JudgeLog();
        return Misjudgement.Joined(_wrong, TimeSpan.FromSeconds(1));
    }

    private void JudgeAlways(Look look)
    {
        var right = episode.Ledger.Allowed;
        foreach (var verdict in look.Verdicts.Where(v => v == "confirmed" && !right.Contains(v)))
        {
            Wrong(look, $"split brain {verdict}", "never confirmed");
        }

        foreach (var (kind, count) in look.Violations.Where(v => !right.Contains(v.Key)))
        {
            Wrong(look, $"violation {kind}", FormattableString.Invariant($"none, not {count}"));
        }

        foreach (var where in look.InternalErrors.Keys)
        {
            Wrong(look, $"internal error in {where}", "none");
        }
    }

    private void JudgeSettled(Look look, Picture picture)
    {
        if (picture.Leader is { } leader && !episode.StatusWithheld)
        {
            Compare(look, "leader", look.LeaderId ?? "none", leader == 0 ? "none" : leader.ToString("x", CultureInfo.InvariantCulture), picture.IsPlain ? [] : ["none"]);
            Compare(look, "has_leader", Text(look.HasLeader), leader == 0 ? "0" : "1", picture.IsPlain ? [] : ["absent"]);
        }

        if (picture.Writable is { } writable)
        {
            // Absent while the quota guard holds writes back: only then is nothing known.
            Compare(look, "writable", Text(look.Writable), writable ? "1" : "0", picture.IsFull ? ["absent", "0"] : []);
        }

        if (picture.Tolerance is { } tolerance && !episode.StatusWithheld)
        {
            var allowed = Enumerable.Range(tolerance.Least, tolerance.Most - tolerance.Least + 1).Select(t => Text(t)).ToArray();
            Compare(look, "failure_tolerance", Text(look.Tolerance), allowed[0], allowed[1..]);
        }
    }

    // The verdict names terms in the log: a claimant of the highest term is never the stale one.
    private void JudgeLog()
    {
        foreach (Match match in StaleLine().Matches(episode.Exporter.Log))
        {
            var (stale, follows) = (ulong.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture), ulong.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture));
            if (stale > follows)
            {
                _wrong.Add(new Misjudgement("cluster", match.Value, "the stale claimant is that of the lower term", default, default));
            }
        }
    }

    private void Compare(Look look, string fact, string said, string right, params string[] also)
    {
        Compared[fact] = Compared.GetValueOrDefault(fact) + 1;
        if (said != right && !also.Contains(said))
        {
            Wrong(look, $"{fact} {said}", string.Join("|", also.Prepend(right)));
        }
    }

    private void Wrong(Look look, string said, string right) => _wrong.Add(new Misjudgement("cluster", said, right, look.Sent, look.Received));

    private static string Text(double? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "absent";

    [GeneratedRegex(@"stale leader: [^;""]* at term (\d+); the cluster follows [^;""]* at term (\d+)")]
    private static partial Regex StaleLine();
}
