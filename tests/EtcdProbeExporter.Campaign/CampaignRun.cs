using System.Diagnostics;
using EtcdProbeExporter.Campaign.Episodes;
using EtcdProbeExporter.Campaign.Faults;
using EtcdProbeExporter.Campaign.Reports;
using EtcdProbeExporter.Harness;

namespace EtcdProbeExporter.Campaign;

/// <summary>Runs episode after episode, several at once as the machine permits, until the time is over; then tells how it went.</summary>
internal static class CampaignRun
{
    /// <summary>Whether nothing was misjudged.</summary>
    public static async Task<bool> RunAsync(CampaignOptions options)
    {
        var alerting = options.Alerts && Tools.Find("prometheus") is not null && Tools.Find("prometheus-alertmanager") is not null;
        Catalogue.All.Select(f => (f, Catalogue.Obstacle(f))).Where(f => f.Item2 is not null).ToList().ForEach(f => Console.WriteLine($"left out: {f.f} {f.Item2}"));
        var faults = Catalogue.All.Where(f => Catalogue.Obstacle(f) is null && !(options.Quick && (f.Heavy || f.Long)) && (options.Faults.Count == 0 || options.Faults.Contains(f.Name))).ToList();
        if (faults.Count == 0)
        {
            Console.WriteLine("no fault can be done here");
            return false;
        }

        List<string> releases = [.. EtcdRelease.All.Select(r => r.Name)];
        Console.WriteLine($"etcd {string.Join(", ", releases)}; seed {options.Seed}{(alerting ? "" : "; without alerts")}");
        var draw = new Draw(faults, releases, alerting);
        var progress = new Progress(options);
        if (options.Episode is { } only)
        {
            progress.Add(await RunOneAsync(draw.Episode(options.Seed, only)), isReplay: true);
            return progress.Tell();
        }

        using var units = new Units(EpisodePlan.Units);
        var running = new List<Task>();
        var lasted = Stopwatch.StartNew();
        for (var number = 0; lasted.Elapsed < TimeSpan.FromMinutes(options.Minutes); number++)
        {
            var plan = draw.Episode(options.Seed, number);
            await units.TakeAsync(plan.Cost);
            if (lasted.Elapsed >= TimeSpan.FromMinutes(options.Minutes))
            {
                units.Give(plan.Cost);
                break;
            }

            running.Add(Task.Run(async () =>
            {
                progress.Add(await RunOneAsync(plan));
                units.Give(plan.Cost);
            }));
        }

        await Task.WhenAll(running);
        return progress.Tell();
    }

    private static Task<(EpisodeResult Result, string Evidence)> RunOneAsync(EpisodePlan plan)
    {
        Console.WriteLine($"{DateTime.UtcNow:HH:mm:ss}  {plan.Number,4} begins: {plan}");
        return new Episode(plan).RunAsync();
    }

    /// <summary>A semaphore of several units that are taken together, in the order in which they were asked for.</summary>
    private sealed class Units(int count) : IDisposable
    {
        private readonly SemaphoreSlim _free = new(count);

        public async Task TakeAsync(int units)
        {
            for (var i = 0; i < units; i++)
            {
                await _free.WaitAsync();
            }
        }

        public void Give(int units) => _free.Release(units);

        public void Dispose() => _free.Dispose();
    }
}
