using System.Globalization;
using System.Text;
using EtcdProbeExporter.Campaign.Client;
using EtcdProbeExporter.Campaign.Exporters;
using EtcdProbeExporter.Campaign.Truth;

namespace EtcdProbeExporter.Campaign.Episodes;

/// <summary>Holds what was seen in one episode against the truth, and gathers the evidence.</summary>
internal sealed class Judgement(EpisodePlan plan, Stage stage, Alerting? alerting)
{
    public (EpisodeResult Result, string Evidence) Of(EpisodeResult result, IReadOnlyList<string> problems)
    {
        var scene = stage.Scene;
        var judged = Judged(scene.Exporter.Record);
        var states = new StateJudge(judged);
        var cluster = new ClusterJudge(judged);
        var wrong = states.Judge().Concat(cluster.Judge()).Select(m => m.ToString()).Concat(problems.Select(p => "exporter: " + p)).ToList();
        if (scene.Second is { } second)
        {
            var other = Judged(second.Record);
            wrong.AddRange(new StateJudge(other).Judge().Concat(new ClusterJudge(other).Judge()).Select(m => "second exporter: " + m));
        }

        if (alerting is not null)
        {
            wrong.AddRange(alerting.Judge(plan, result.NotApplied.Count > 0));
        }

        var told = result with
        {
            Misjudged = wrong,
            Matrix = [.. states.Matrix.Select(m => new MatrixCell(m.Key.Truth, m.Key.State, m.Value))],
            Detections = [.. states.Detections().Select(d => new Detection(d.Injury.Fault, d.Seen?.TotalSeconds, plan.Bound.TotalSeconds))],
            Compared = cluster.Compared,
            Pages = alerting?.Pages ?? [],
            Tickets = alerting?.Tickets ?? [],
            LagSeconds = stage.Lag.Late.Sum(l => l.Late.TotalSeconds),
        };
        return (told, Evidence(wrong));
    }

    private Judged Judged(ExporterRecord exporter) => new(stage.Ledger, exporter, plan.Interval, plan.Timeout)
    {
        Samples = stage.Ledger.Lives.Keys.ToDictionary(e => e, stage.Client.SamplesOf),
        Late = stage.Lag.Late,
        StatusWithheld = plan.StatusWithheld,
        Others = stage.Scene.Others,
    };

    private string Evidence(List<string> wrong)
    {
        var text = new StringBuilder();
        void Section(string name, IEnumerable<string> lines) => text.AppendLine(CultureInfo.InvariantCulture, $"== {name}").AppendJoin('\n', lines).AppendLine().AppendLine();
        Section("plan", [plan.ToString()]);
        Section("misjudged", wrong);
        Section("what was done", stage.Ledger.Deeds.Select(d => FormattableString.Invariant($"{d.At.TotalSeconds,7:0.0}  {d.What}")));
        Section("injuries", stage.Ledger.Injuries.Select(c => FormattableString.Invariant(
            $"{c.From.TotalSeconds:0.0}/{c.Confirmed.TotalSeconds:0.0} - {c.Ending.TotalSeconds:0.0}/{c.To.TotalSeconds:0.0}  {c.Endpoint} {c.Fault}: {string.Join('|', c.States)}")));
        Section("what the exporter said, where it changed", Changes());
        Section("the independent client, where it did not succeed at once", stage.Ledger.Lives.Keys.SelectMany(stage.Client.SamplesOf)
            .Where(s => s.Ending != Ending.Done || s.Duration > TimeSpan.FromMilliseconds(300) || s.Status is { Leader: 0 }).OrderBy(s => s.Start).Take(400).Select(s => s.ToString()));
        Section("the exporter's log", [stage.Scene.Exporter.Log]);
        Section("members' logs, their ends", stage.Cluster.Members.Select(m => $"--- {m.Name}\n{m.Log[Math.Max(0, m.Log.Length - 6000)..]}"));
        return text.ToString();
    }

    private IEnumerable<string> Changes()
    {
        var before = "";
        foreach (var look in stage.Scene.Exporter.Record.Looks)
        {
            var states = string.Join(' ', look.States.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => $"{s.Key}={s.Value}"));
            var now = string.Create(
                CultureInfo.InvariantCulture,
                $"{states} verdict={string.Join('+', look.Verdicts)} leader={look.LeaderId}@{look.LeaderEndpoint} has={look.HasLeader} claimed={look.LeadersClaimed} tolerance={look.Tolerance} writable={look.Writable}");
            if (now != before)
            {
                before = now;
                yield return FormattableString.Invariant($"{look.Sent.TotalSeconds,7:0.0}  {now}");
            }
        }
    }
}
