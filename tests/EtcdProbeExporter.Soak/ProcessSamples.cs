using System.Diagnostics;
using System.Globalization;

namespace EtcdProbeExporter.Soak;

/// <summary>Open descriptors and resident memory of a process over time, as the kernel counts them.</summary>
internal sealed class ProcessSamples : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stop = new();
    private readonly Task _sampling;

    private ProcessSamples(int process) => _sampling = SampleAsync(process);

    public Trend Descriptors { get; } = new();

    /// <summary>In MB.</summary>
    public Trend Memory { get; } = new();

    public Trend Threads { get; } = new();

    public static ProcessSamples Start(int process) => new(process);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _sampling;
        _stop.Dispose();
    }

    private async Task SampleAsync(int process)
    {
        var started = Stopwatch.StartNew();
        do
        {
            try
            {
                var status = await File.ReadAllLinesAsync($"/proc/{process}/status");
                Descriptors.Add(started.Elapsed, Directory.GetFileSystemEntries($"/proc/{process}/fd").Length);
                Memory.Add(started.Elapsed, Number(status, "VmRSS:") / 1024);
                Threads.Add(started.Elapsed, Number(status, "Threads:"));
            }
            catch (IOException)
            {
                return; // it has ended; whoever judges finds out
            }
        }
        while (await Pause.ForAsync(Interval, _stop.Token));
    }

    private static double Number(string[] status, string name)
    {
        var text = status.First(l => l.StartsWith(name, StringComparison.Ordinal))[name.Length..];
        return double.Parse(text.Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
    }
}
