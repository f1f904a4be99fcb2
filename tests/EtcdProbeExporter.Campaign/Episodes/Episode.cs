using EtcdProbeExporter.Campaign.Client;
using EtcdProbeExporter.Campaign.Exporters;
using EtcdProbeExporter.Campaign.Faults;
using EtcdProbeExporter.Harness;

namespace EtcdProbeExporter.Campaign.Episodes;

/// <summary>Runs one episode: all is well, it is broken, it is repaired, all is well again; then all that was seen is judged.</summary>
internal sealed class Episode(EpisodePlan plan)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly List<string> _notApplied = [];
    private readonly List<string> _problems = [];

    public async Task<(EpisodeResult Result, string Evidence)> RunAsync()
    {
        var began = DateTimeOffset.UtcNow;
        var result = new EpisodeResult
        {
            Seed = plan.Seed,
            Number = plan.Number,
            Plan = plan.ToString(),
            Faults = [.. plan.Faults.Select(f => f.Fault.Name)],
            Releases = [.. plan.Cluster.Releases.Distinct()],
            Members = plan.Cluster.Members,
            Security = plan.Cluster.Security.ToString().ToLowerInvariant(),
            IntervalSeconds = plan.Interval.TotalSeconds,
            TimeoutSeconds = plan.Timeout.TotalSeconds,
            Alerting = plan.Alerting,
            Began = began,
        };
        try
        {
            await using var stage = await Stage.SetAsync(plan);
            await using var alerting = plan.Alerting ? await Alerting.StartAsync(stage.Scene.Exporter.Process.Port, plan.Cluster.Security, plan.Bound) : null;
            await PlayAsync(stage);
            var accounts = await Accounts.CheckAsync(stage.Scene.Exporter.Process);
            _problems.AddRange(accounts);
            foreach (var exporter in Exporters(stage.Scene))
            {
                await exporter.EndWatchAsync();
                _problems.AddRange(exporter.Problems);
            }

            await stage.Client.DisposeAsync();
            return new Judgement(plan, stage, alerting).Of(result with { Seconds = stage.Clock.Now.TotalSeconds, NotApplied = _notApplied }, _problems);
        }
        catch (Exception e) when (e is InvalidOperationException or TimeoutException or HttpRequestException or IOException or OperationCanceledException)
        {
            var what = e.Message.Split('\n')[0];
            return (result with { Void = what, Seconds = (DateTimeOffset.UtcNow - began).TotalSeconds }, e.ToString());
        }
    }

    private static IEnumerable<WatchedExporter> Exporters(Scene scene) => scene.Second is { } second ? [scene.Exporter, second] : [scene.Exporter];

    private async Task PlayAsync(Stage stage)
    {
        await CalmAsync(stage, "at the start");
        await WarmAsync(stage);
        var repairs = new List<Repair>();
        foreach (var fault in plan.Faults)
        {
            var repair = await BeginAsync(stage, fault);
            if (plan.Together)
            {
                repairs.Add(repair);
                await Task.Delay(TimeSpan.FromSeconds(1));
                continue;
            }

            await HoldAsync(fault);
            await RepairAsync(stage, repair, fault.Fault.Name);
            await CalmAsync(stage, $"after {fault.Fault.Name}");
        }

        if (plan.Together)
        {
            await HoldAsync(plan.Faults.MaxBy(f => f.Hold)!);
            foreach (var repair in Enumerable.Reverse(repairs))
            {
                await RepairAsync(stage, repair, "one of several");
            }

            await CalmAsync(stage, "after all");
        }

        await Task.Delay(plan.Bound + TimeSpan.FromSeconds(3)); // the last that is judged is that all is well
    }

    // A fault in the middle of the start would be a different fault. Where it takes longer than this, it is judged as it is.
    private async Task WarmAsync(Stage stage)
    {
        var end = stage.Scene.Exporter.Started + (2 * plan.Bound);
        while (stage.Clock.Now < end && !stage.Ledger.Lives.Keys.All(e => stage.Scene.Exporter.Newest?.States.GetValueOrDefault(e) == "healthy"))
        {
            await Task.Delay(100);
        }

        await Task.Delay(TimeSpan.FromSeconds(2));
    }

    private async Task<Repair> BeginAsync(Stage stage, PlannedFault fault)
    {
        var scene = stage.Scene;
        (scene.Fault, scene.Preferred, scene.Random) = (fault.Fault.Name, fault.Preferred, new Random(fault.Seed));
        stage.Ledger.Note($"{fault.Fault.Name} begins");
        try
        {
            return await fault.Fault.BeginAsync(scene);
        }
        catch (Exception e) when (e is InvalidOperationException or TimeoutException or HttpRequestException or OperationCanceledException or EtcdRefusalException)
        {
            _notApplied.Add($"{fault.Fault.Name}: {e.Message.Split('\n')[0]}"); // etcd refuses some orders while it elects
            stage.Ledger.Note($"{fault.Fault.Name} was not applied: {e.Message}");
            return () => Task.CompletedTask;
        }
    }

    private Task HoldAsync(PlannedFault fault) =>
        Task.Delay(fault.Fault.Momentary && !plan.Alerting ? plan.Bound + TimeSpan.FromSeconds(2) : fault.Hold);

    private static async Task RepairAsync(Stage stage, Repair repair, string what)
    {
        stage.Ledger.Note($"{what} is repaired");
        await Condition.EventuallyAsync(
            async () =>
            {
                try
                {
                    await repair();
                    return true;
                }
                catch (Exception e) when (e is InvalidOperationException or EtcdRefusalException or HttpRequestException)
                {
                    stage.Ledger.Note($"the repair was refused: {e.Message}");
                    return false; // an alarm cannot be disarmed while nobody leads
                }
            },
            Patience,
            $"{what} is repaired");
    }

    // By the word of the independent client alone.
    private static async Task CalmAsync(Stage stage, string when)
    {
        await Condition.EventuallyAsync(
            () => Task.FromResult(stage.Client.IsCalmFor(TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(1))), Patience, $"all is well {when}");
        stage.Ledger.Note($"all is well {when}, says the independent client");
    }
}
