using System.Globalization;
using System.Runtime.InteropServices;

namespace EtcdProbeExporter.Harness;

/// <summary>One real etcd process, and the ways to make it ill.</summary>
internal sealed class EtcdMember(
    EtcdRelease release, string name, int clientPort, int peerPort, string data, IReadOnlyList<string> arguments) : IAsyncDisposable
{
    private RunningProcess? _process;

    public string Name => name;

    public int ClientPort => clientPort;

    public int PeerPort => peerPort;

    /// <summary>Address that it serves clients at.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>The network namespace that it runs in; null: that of the test.</summary>
    public string? Namespace { get; init; }

    /// <summary>The release that the next start is made with.</summary>
    public EtcdRelease Release { get; set; } = release;

    /// <summary>host:port, the label of the endpoint.</summary>
    public string Endpoint => string.Create(CultureInfo.InvariantCulture, $"{Host}:{clientPort}");

    /// <summary>In hexadecimal; known of members that joined a running cluster.</summary>
    public string? MemberId { get; init; }

    /// <summary>Process id while it runs.</summary>
    public int Id => Process.Id;

    public string Log => _process?.Errors ?? "";

    public bool Runs => _process is { HasExited: false };

    private RunningProcess Process => _process ?? throw new InvalidOperationException($"{name} does not run");

    // etcd 3.4 refuses to start on arm64 unless it is told that this is meant.
    public void Start() => _process = RunningProcess.Start(
        Namespace is null ? Release.Etcd : Tools.Find("ip")!,
        Namespace is null ? arguments : ["netns", "exec", Namespace, Release.Etcd, .. arguments],
        RuntimeInformation.OSArchitecture == Architecture.Arm64 ? new Dictionary<string, string> { ["ETCD_UNSUPPORTED_ARCH"] = "arm64" } : null);

    /// <summary>SIGSTOP: the kernel goes on accepting connections for it, nothing answers. Returns when every thread has stopped.</summary>
    public async Task FreezeAsync()
    {
        await Process.SignalAsync("STOP");
        await Condition.EventuallyAsync(() => Task.FromResult(EveryTask(Process.Id, status => status.Contains("State:\tT (stopped)", StringComparer.Ordinal))),
            TimeSpan.FromSeconds(10), "every thread has stopped"); // kill(2) returns before threads that run on another core notice
    }

    public Task ThawAsync() => Process.SignalAsync("CONT");

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        await Process.DisposeAsync();
        _process = null;
    }

    /// <summary>SIGTERM, and waits for the end.</summary>
    public async Task StopAsync()
    {
        await Process.SignalAsync("TERM");
        await Process.WaitAsync(TimeSpan.FromSeconds(20));
        await KillAsync();
    }

    /// <summary>Delays every fdatasync of the process until disposed: of the log and of the database. Returns when every thread is traced.</summary>
    public Task<IAsyncDisposable> DelayFdatasyncAsync(TimeSpan delay) => DelayFdatasyncAsync(delay, []);

    /// <summary>
    /// Delays only the fdatasync of the write-ahead log. With both delayed it is chance which hangs first, and a commit of the database that
    /// hangs holds a lock that status and local reads wait for; with the log alone they always answer.
    /// </summary>
    public Task<IAsyncDisposable> DelayLogSyncAsync(TimeSpan delay) =>
        DelayFdatasyncAsync(delay, Directory.GetFiles(Path.Combine(data, "member/wal"), "*.wal").SelectMany(f => new[] { "-P", f }));

    /// <summary>Delays only the fdatasync of the database, which its commit waits for while it holds what everything else needs.</summary>
    public Task<IAsyncDisposable> DelayDatabaseSyncAsync(TimeSpan delay) => DelayFdatasyncAsync(delay, ["-P", Path.Combine(data, "member/snap/db")]);

    /// <summary>Delays every rename. A defragmentation ends with one, and holds the database until it is done.</summary>
    public Task<IAsyncDisposable> DelayRenamesAsync(TimeSpan delay) => DelayAsync("rename,renameat,renameat2", delay, []);

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await KillAsync();
        }
    }

    private Task<IAsyncDisposable> DelayFdatasyncAsync(TimeSpan delay, IEnumerable<string> filter) => DelayAsync("fdatasync", delay, filter);

    private async Task<IAsyncDisposable> DelayAsync(string calls, TimeSpan delay, IEnumerable<string> filter)
    {
        var id = Process.Id;
        var microseconds = (long)delay.TotalMicroseconds;
        var strace = RunningProcess.Start("strace",
        [
            "-f", "-qq", "-o", "/dev/null", "-e", "trace=" + calls,
            "-e", string.Create(CultureInfo.InvariantCulture, $"inject={calls}:delay_enter={microseconds}"),
            "-p", id.ToString(CultureInfo.InvariantCulture), .. filter,
        ]);
        try
        {
            await Condition.EventuallyAsync(
                () => Task.FromResult(strace.HasExited ? throw new InvalidOperationException($"strace ended: {strace.Errors}") : IsTraced(id)),
                TimeSpan.FromSeconds(10),
                "strace attached to every thread");
        }
        catch
        {
            await new Trace(strace).DisposeAsync(); // or the delay would stay for good
            throw;
        }

        return new Trace(strace);
    }

    private static bool IsTraced(int id) => EveryTask(id, status => !status.Contains("TracerPid:\t0", StringComparer.Ordinal));

    private static bool EveryTask(int id, Func<IEnumerable<string>, bool> holds)
    {
        try
        {
            return Directory.GetDirectories($"/proc/{id}/task").All(task => holds(File.ReadLines(Path.Combine(task, "status"))));
        }
        catch (IOException)
        {
            return false; // a thread ended between the listing and the reading: look again
        }
    }

    private sealed class Trace(RunningProcess strace) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            if (!strace.HasExited)
            {
                await strace.SignalAsync("INT"); // strace detaches; killed, it would take the delay away as well but leave threads stopped
                await strace.WaitAsync(TimeSpan.FromSeconds(20));
            }

            await strace.DisposeAsync();
        }
    }
}
