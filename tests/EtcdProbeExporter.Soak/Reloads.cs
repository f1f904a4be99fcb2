using System.Diagnostics;
using EtcdProbeExporter.Harness;

namespace EtcdProbeExporter.Soak;

/// <summary>
/// Rewrites the configuration file at random and has it read again: unchanged, in another order, broken, missing, without a cluster.
/// </summary>
internal sealed class Reloads(
    IReadOnlyList<SoakCluster> clusters, ConfigurationFile file, ExporterProcess exporter, int seed, Journal journal)
{
    private readonly Random _random = new(seed);

    public int Count { get; private set; }

    public async Task RunAsync(CancellationToken ended)
    {
        while (await Pause.ForAsync(TimeSpan.FromSeconds(5 + (15 * _random.NextDouble())), ended))
        {
            switch (_random.Next(10))
            {
                case < 3:
                    await TakenAsync(clusters, "reload: nothing changed");
                    break;
                case < 5:
                    await TakenAsync([.. clusters.OrderBy(_ => _random.Next())], "reload: other order");
                    break;
                case < 7:
                    await RefusedAsync(_random.Next(3));
                    break;
                default:
                    await AwayAsync(clusters[_random.Next(clusters.Count)], TimeSpan.FromSeconds(2 + (10 * _random.NextDouble())), ended);
                    break;
            }
        }

        await TakenAsync(clusters, "reload: the last one");
    }

    private async Task AwayAsync(SoakCluster cluster, TimeSpan time, CancellationToken ended)
    {
        await TakenAsync([.. clusters.Where(c => c != cluster)], $"reload: without {cluster.Name}");
        await Pause.ForAsync(time, ended);
        await TakenAsync(clusters, $"reload: {cluster.Name} is back");
    }

    private async Task RefusedAsync(int how)
    {
        var good = Fleet.Yaml(clusters);
        var (text, name) = how switch
        {
            0 => (good + "    unknown_key: 1\n", "unknown key"),
            1 => (good[..(good.Length / 2)] + "\t{[", "broken off"),
            _ => (null, "no file"),
        };
        if (text is null)
        {
            File.Delete(file.Path);
        }
        else
        {
            file.Write(text);
        }

        await ReloadAsync(0, $"reload: {name}");
        file.Write(good);
    }

    // While credential files are away the exporter may refuse a good configuration; episodes put them back within seconds.
    private Task TakenAsync(IEnumerable<SoakCluster> wanted, string what)
    {
        file.Write(Fleet.Yaml(wanted));
        return ReloadAsync(1, what);
    }

    private async Task ReloadAsync(int successful, string what)
    {
        Count++;
        var asked = Stopwatch.StartNew();
        var before = await LoadedAsync();
        while (asked.Elapsed < TimeSpan.FromSeconds(60))
        {
            await exporter.SignalAsync("HUP");
            try
            {
                await Condition.EventuallyAsync(
                    LoadedAsync,
                    now => now.Successful == successful && (successful == 0 || now.At > before.At),
                    TimeSpan.FromSeconds(3),
                    what);
                journal.Say(what);
                return;
            }
            catch (TimeoutException)
            {
                journal.Say($"{what}: not yet, again");
            }
        }

        journal.Problem($"{what}: the exporter did not {(successful == 1 ? "take" : "refuse")} it within 60 s");
    }

    private async Task<(double Successful, double At)> LoadedAsync()
    {
        try
        {
            var scrape = await exporter.ScrapeAsync();
            return (
                scrape.Text.Value("etcd_probe_exporter_config_last_reload_successful") ?? -1,
                scrape.Text.Value("etcd_probe_exporter_config_last_reload_success_timestamp_seconds") ?? 0);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            journal.Problem($"scrape after a reload: {e.Message}");
            return (-1, 0);
        }
    }
}
