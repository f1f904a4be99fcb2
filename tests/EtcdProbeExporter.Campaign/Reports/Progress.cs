using System.Globalization;
using EtcdProbeExporter.Campaign.Episodes;

namespace EtcdProbeExporter.Campaign.Reports;

/// <summary>Says how the run goes, and at its end how it went.</summary>
internal sealed class Progress(CampaignOptions options)
{
    private readonly Lock _lock = new();
    private readonly List<EpisodeResult> _results = [];
    private readonly string _file = Results.NewFile(options.Seed);

    public void Add((EpisodeResult Result, string Evidence) episode, bool isReplay = false)
    {
        var (result, evidence) = episode;
        lock (_lock)
        {
            _results.Add(result);
            if (!isReplay)
            {
                Results.Append(_file, result);
            }

            var verdict = result.Void is { } why ? $"says nothing: {why}"
                : result.Misjudged.Count > 0 ? $"MISJUDGED ({result.Misjudged.Count})"
                : result.NotApplied.Count > 0 ? $"right; not applied: {string.Join("; ", result.NotApplied)}"
                : "right";
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{DateTime.UtcNow:HH:mm:ss}  {result.Number,4} {verdict}, {result.Seconds:0} s, machine late {result.LagSeconds:0.0} s"));
            if (result.Void is not null || result.Misjudged.Count > 0 || isReplay)
            {
                result.Misjudged.Take(12).ToList().ForEach(m => Console.WriteLine("            " + m));
                Console.WriteLine($"            evidence: {Results.KeepEvidence(result, evidence)}");
                Console.WriteLine($"            replay:   {Replay(result)}");
            }
        }
    }

    /// <summary>The whole: matrix, times, what was misjudged. Whether nothing was.</summary>
    public bool Tell()
    {
        var counted = _results.Where(r => r.Void is null).ToList();
        var wrong = counted.Where(r => r.Misjudged.Count > 0).ToList();
        Console.WriteLine();
        foreach (var line in Tables.Matrix(counted).Append("").Concat(Tables.Times(counted)))
        {
            Console.WriteLine(line);
        }

        Console.WriteLine();
        wrong.ForEach(r => Console.WriteLine($"misjudged: {r.Number} ({r.Plan}): {r.Misjudged[0]}\n           {Replay(r)}"));
        Console.WriteLine($"{counted.Count - wrong.Count} episodes right, {wrong.Count} misjudged, {_results.Count - counted.Count} that say nothing");
        return wrong.Count == 0 && counted.Count > 0;
    }

    private string Replay(EpisodeResult result) =>
        string.Create(CultureInfo.InvariantCulture, $"./eng/campaign.sh --seed {result.Seed} --episode {result.Number}{options.ReplayArguments}");
}
