using EtcdProbeExporter.Campaign.Truth;
using EtcdProbeExporter.Harness;

namespace EtcdProbeExporter.Campaign.Faults;

/// <summary>fdatasync that takes its time, or for ever, in the log, the database or both.</summary>
internal static class DiskFaults
{
    private static readonly TimeSpan Forever = TimeSpan.FromSeconds(120);

    private static readonly string[] DiskPages = ["EtcdDiskStalled", "EtcdWalFsyncSlow", "EtcdBackendCommitSlow", "EtcdWriteErrorBudgetBurn"];

    private static readonly Alerts OfAHang = new(["EtcdEndpointWriteStalled"], DiskPages, []);

    private static readonly Alerts OfADelay = new([], [.. DiskPages, "EtcdEndpointWriteStalled"], []);

    public static IReadOnlyList<Fault> All { get; } =
    [
        new("log hangs", 4, s => HangAsync(s, States.LogHangs, Part.TakesNone, m => m.DelayLogSyncAsync(Forever))) { Tools = ["strace"], Alerts = OfAHang },
        new("database hangs", 4, s => HangAsync(s, States.DatabaseHangs, Part.Either, m => m.DelayDatabaseSyncAsync(Forever))) { Tools = ["strace"], Alerts = OfAHang },
        new("disk hangs", 3, s => HangAsync(s, States.LogHangs, Part.Either, m => m.DelayFdatasyncAsync(Forever))) { Tools = ["strace"], Alerts = OfAHang },
        new("slow log", 3, s => DelayAsync(s, m => m.DelayLogSyncAsync(Delay(s.Random)))) { Tools = ["strace"], Alerts = OfADelay },
        new("slow database", 3, s => DelayAsync(s, m => m.DelayDatabaseSyncAsync(Delay(s.Random)))) { Tools = ["strace"], Alerts = OfADelay },
        new("slow disk", 2, s => DelayAsync(s, m => m.DelayFdatasyncAsync(Delay(s.Random)))) { Tools = ["strace"], Alerts = OfADelay },
    ];

    private static async Task<Repair> HangAsync(Scene scene, string[] states, Part part, Func<EtcdMember, Task<IAsyncDisposable>> begin)
    {
        var member = scene.Take();
        IAsyncDisposable? trace = null;
        return await scene.HoldAsync(
            member,
            scene.On(member, states) with { Part = part },
            async () => trace = await begin(member),
            async () => await trace!.DisposeAsync());
    }

    // How slow it gets is not known beforehand: what is right follows from what the independent client meets.
    private static async Task<Repair> DelayAsync(Scene scene, Func<EtcdMember, Task<IAsyncDisposable>> begin)
    {
        var member = scene.Take();
        IAsyncDisposable? trace = null;
        return await scene.HoldAsync(
            member,
            scene.On(member, States.Healthy) with { Demanded = false, Part = Part.Either },
            async () => trace = await begin(member),
            async () => await trace!.DisposeAsync());
    }

    private static TimeSpan Delay(Random random) => TimeSpan.FromMilliseconds(20 * Math.Pow(100, random.NextDouble())); // 20 to 2000 ms
}
