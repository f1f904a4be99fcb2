using System.Diagnostics;
using EtcdProbeExporter.Harness;
using EtcdProbeExporter.Tests;

namespace EtcdProbeExporter.Soak;

/// <summary>One run: clusters, one exporter that watches them all, faults and reloads and requests at random, and a verdict.</summary>
internal static class SoakRun
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    /// <summary>Whether all was well.</summary>
    public static async Task<bool> RunAsync(TimeSpan duration, int seed, CancellationToken interrupted)
    {
        var journal = new Journal();
        journal.Say(FormattableString.Invariant($"{duration.TotalMinutes} minutes with seed {seed}; starting the clusters"));
        await using var fleet = await Fleet.StartAsync();
        await using var configuration = new ConfigurationFile(Fleet.Yaml(fleet.Clusters));
        await using var exporter = await ExporterProcess.StartAsync(["--config.file", configuration.Path]);
        var verdict = new Verdict();
        var lasted = Stopwatch.StartNew();
        await using (var witness = Witness.Start(exporter, journal))
        {
            await ExpectHealthyAsync(fleet, witness, journal, "at the start");
            await using var samples = ProcessSamples.Start(exporter.Id);
            journal.Say($"all are healthy; the exporter is process {exporter.Id}, port {exporter.Port}");
            await BreakAsync(fleet, configuration, exporter, witness, verdict, journal, duration, seed, interrupted);
            await ExpectHealthyAsync(fleet, witness, journal, "at the end");
            verdict.AddWitness(witness);
            verdict.AddProcess(samples, lasted.Elapsed);
        }

        await JudgeAsync(exporter, verdict, lasted.Elapsed, journal);
        verdict.Print();
        return verdict.IsRight;
    }

    private static async Task BreakAsync(
        Fleet fleet,
        ConfigurationFile configuration,
        ExporterProcess exporter,
        Witness witness,
        Verdict verdict,
        Journal journal,
        TimeSpan duration,
        int seed,
        CancellationToken interrupted)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(interrupted);
        ended.CancelAfter(duration);
        var seeds = new Random(seed);
        var episodes = fleet.Real.Select(c => new Episodes(c, seeds.Next(), witness, journal)).ToList();
        var reloads = new Reloads(fleet.Clusters, configuration, exporter, seeds.Next(), journal);
        using var one = new Scrapers(exporter.Port, seeds.Next(), journal);
        using var two = new Scrapers(exporter.Port, seeds.Next(), journal);
        var end = ended.Token;
        await Task.WhenAll([.. episodes.Select(e => e.RunAsync(end)), reloads.RunAsync(end), one.RunAsync(end), two.RunAsync(end)]);
        verdict.Add("seed", FormattableString.Invariant($"{seed}"));
        var (count, refused) = (episodes.Sum(e => e.Count), episodes.Sum(e => e.NotApplied));
        verdict.Add("episodes", FormattableString.Invariant($"{count} ({refused} faults not applied)"));
        verdict.Add("reloads", FormattableString.Invariant($"{reloads.Count}"));
        var slowest = Math.Max(one.Slowest.TotalSeconds, two.Slowest.TotalSeconds);
        verdict.Add("requests", FormattableString.Invariant(
            $"{one.Count + two.Count}, slowest {slowest:0.0} s; {witness.Scrapes} scrapes of the witness"));
    }

    private static async Task JudgeAsync(ExporterProcess exporter, Verdict verdict, TimeSpan lasted, Journal journal)
    {
        if (exporter.HasExited)
        {
            verdict.Add("the exporter", "ended by itself", false);
        }
        else
        {
            var (series, wrong) = await Accounts.CheckAsync(exporter);
            wrong.ToList().ForEach(journal.Problem);
            var right = FormattableString.Invariant($"{series - wrong.Count} of {series} series");
            verdict.Add("attempts = successes + failures", right, wrong.Count == 0);
            verdict.AddScrape(await exporter.ScrapeAsync());
            var code = await exporter.StopAsync();
            verdict.Add("exit code after SIGTERM", FormattableString.Invariant($"{code}"), code == 0);
        }

        var folder = Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts", "soak"));
        var file = Path.Combine(folder.FullName, "exporter.log");
        await File.WriteAllTextAsync(file, exporter.Log);
        var log = new LogAccount(exporter.Log);
        verdict.AddLog(log, lasted);
        foreach (var line in log.Unexpected.Take(20))
        {
            Console.WriteLine($"unexpected: {line}");
        }

        verdict.Add("the exporter's log", file);
        verdict.Add("problems on the way", FormattableString.Invariant($"{journal.Problems.Count}"), journal.Problems.Count == 0);
        foreach (var problem in journal.Problems)
        {
            Console.WriteLine($"problem: {problem}");
        }
    }

    private static async Task ExpectHealthyAsync(Fleet fleet, Witness witness, Journal journal, string when)
    {
        foreach (var cluster in fleet.Real)
        {
            if (!await witness.IsHealthyAsync(cluster, Patience))
            {
                journal.Problem($"{cluster.Name} is not healthy {when}: {witness.Describe(cluster)}");
            }
        }
    }
}
