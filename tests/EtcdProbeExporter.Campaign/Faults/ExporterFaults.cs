using System.Globalization;
using System.Net;
using EtcdProbeExporter.Campaign.Clusters;
using EtcdProbeExporter.Harness;

namespace EtcdProbeExporter.Campaign.Faults;

/// <summary>What happens to the exporter itself, and things beside the cluster. etcd is well, and nothing else may be said.</summary>
internal static class ExporterFaults
{
    private const string FakeTime = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";

    public static IReadOnlyList<Fault> All { get; } =
    [
        new("exporter restarted", 2, RestartAsync) { Momentary = true },
        new("exporter stopped for seconds", 3, PauseAsync) { Momentary = true },
        new("clock stepped", 2, StepAsync) { PrepareAsync = PrepareClockAsync, Tools = [FakeTime] },
        new("second exporter", 2, SecondAsync),
        new("gRPC proxy as an endpoint", 2, _ => Task.FromResult<Repair>(() => Task.CompletedTask))
        {
            PrepareAsync = PrepareProxyAsync,
            Securities = [Security.Plain],
            Alone = true,
            OnLoopback = true,
        },
    ];

    private static async Task<Repair> RestartAsync(Scene scene)
    {
        await scene.Exporter.RestartAsync();
        return () => Task.CompletedTask;
    }

    private static async Task<Repair> PauseAsync(Scene scene)
    {
        var time = TimeSpan.FromSeconds(2 + (10 * scene.Random.NextDouble()));
        scene.Ledger.Note(FormattableString.Invariant($"stopped for {time.TotalSeconds:0.0} s"));
        await scene.Exporter.PauseAsync(time);
        return () => Task.CompletedTask;
    }

    // The clock of this one process; the monotonic one is left alone, as a step of a real clock leaves it.
    private static async Task PrepareClockAsync(Scene scene)
    {
        scene.Clockwork = Path.Combine(scene.Cluster.DataFolder, "clock");
        await File.WriteAllTextAsync(scene.Clockwork, "+0\n");
        scene.Environment["LD_PRELOAD"] = FakeTime;
        scene.Environment["FAKETIME_TIMESTAMP_FILE"] = scene.Clockwork;
        scene.Environment["FAKETIME_NO_CACHE"] = "1";
        scene.Environment["DONT_FAKE_MONOTONIC"] = "1";
    }

    private static async Task<Repair> StepAsync(Scene scene)
    {
        string[] steps = ["+3600", "-3600", "+86400", "-86400", "+30", "-30"];
        var step = steps[scene.Random.Next(scene.Cluster.Identity.Security == Security.Tls ? 2 : steps.Length)]; // certificates have a begin
        scene.Ledger.Note($"clock {step} s");
        await File.WriteAllTextAsync(scene.Clockwork, step + "\n");
        return () => File.WriteAllTextAsync(scene.Clockwork, "+0\n");
    }

    private static async Task<Repair> SecondAsync(Scene scene)
    {
        scene.Second = await scene.StartExporterAsync();
        return () => Task.CompletedTask;
    }

    private static async Task PrepareProxyAsync(Scene scene)
    {
        var address = string.Create(CultureInfo.InvariantCulture, $"{IPAddress.Loopback}:{Ports.Next()}");
        var endpoints = string.Join(',', scene.Cluster.Members.Select(m => m.Endpoint));
        scene.Own(RunningProcess.Start(
            scene.Cluster.Members[0].Release.Etcd,
            ["grpc-proxy", "start", $"--endpoints={endpoints}", $"--listen-addr={address}", $"--advertise-client-url={address}"]));
        scene.Others.Add(address);
        scene.Ledger.Lives[address] = (TimeSpan.Zero, TimeSpan.MaxValue);
        await Task.Delay(TimeSpan.FromSeconds(1)); // it has no sign of being ready; the exporter takes longer to start
    }
}
