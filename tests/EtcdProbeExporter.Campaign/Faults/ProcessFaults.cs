using EtcdProbeExporter.Campaign.Truth;
using EtcdProbeExporter.Harness;

namespace EtcdProbeExporter.Campaign.Faults;

/// <summary>Members that stop, end and come back.</summary>
internal static class ProcessFaults
{
    private static readonly Alerts OfOneMember = new([], [], ["EtcdEndpointDown"]);

    public static IReadOnlyList<Fault> All { get; } =
    [
        new("freeze", 5, FreezeAsync) { Alerts = OfOneMember },
        new("freeze of 300 ms", 3, BlipAsync) { Momentary = true, Alerts = Alerts.None },
        new("kill", 5, KillAsync) { Alerts = OfOneMember },
        new("restart", 3, RestartAsync) { Momentary = true, Alerts = Alerts.None },
    ];

    private static async Task<Repair> FreezeAsync(Scene scene)
    {
        var member = scene.Take();
        var injury = scene.On(member, States.Silent) with { Strict = true, Part = Part.TakesNone, Answers = false };
        return await scene.HoldAsync(member, injury, member.FreezeAsync, member.ThawAsync);
    }

    private static async Task<Repair> BlipAsync(Scene scene)
    {
        var member = scene.Take();
        await member.FreezeAsync();
        await Task.Delay(300);
        await member.ThawAsync();
        scene.LetGo(member);
        return () => Task.CompletedTask;
    }

    private static async Task<Repair> KillAsync(Scene scene)
    {
        var member = scene.Take();
        var injury = scene.On(member, States.Dead) with { Strict = true, Part = Part.TakesNone, Answers = false };
        return await scene.HoldAsync(member, injury, member.KillAsync, () => StartAsync(member));
    }

    // SIGTERM or SIGKILL, and started again at once: for how long nobody listens is etcd's business, and the client's to find out.
    private static async Task<Repair> RestartAsync(Scene scene)
    {
        var member = scene.Take();
        var injury = scene.On(member, [.. States.Dead, .. States.NoLeader]) with { Demanded = false, Part = Part.Either };
        var repair = await scene.HoldAsync(
            member, injury, scene.Random.Next(2) == 0 ? member.StopAsync : member.KillAsync, () => StartAsync(member));
        await repair();
        return () => Task.CompletedTask;
    }

    public static Task StartAsync(EtcdMember member)
    {
        member.Start();
        return Task.CompletedTask;
    }
}
