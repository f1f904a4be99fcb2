namespace EtcdProbeExporter.Metrics;

/// <summary>
/// The process_* series that every Prometheus client exposes. Read from <c>/proc</c>, never through <c>System.Diagnostics.Process</c>,
/// which opens a file per thread. What cannot be read (another system, a sandbox) is absent.
/// </summary>
internal sealed class ProcessMetrics
{
    private readonly string _procPath;
    private readonly double? _startTime;
    private readonly CounterFamily _cpu;
    private readonly GaugeFamily _resident;
    private readonly GaugeFamily _virtual;
    private readonly GaugeFamily _openFiles;
    private readonly GaugeFamily _maxFiles;
    private readonly GaugeFamily _start;
    private readonly GaugeFamily _threads;

    /// <summary>Registers the families and the collector.</summary>
    public ProcessMetrics(MetricRegistry registry, string procPath = "/proc")
    {
        _procPath = procPath;
        _cpu = registry.Counter("process_cpu_seconds_total", "Total user and system CPU time spent in seconds.");
        _resident = registry.Gauge("process_resident_memory_bytes", "Resident memory size in bytes.");
        _virtual = registry.Gauge("process_virtual_memory_bytes", "Virtual memory size in bytes.");
        _openFiles = registry.Gauge("process_open_fds", "Number of open file descriptors.");
        _maxFiles = registry.Gauge("process_max_fds", "Maximum number of open file descriptors.");
        _start = registry.Gauge("process_start_time_seconds", "Start time of the process since unix epoch in seconds.");
        _threads = registry.Gauge("process_threads", "Number of OS threads in the process.");

        // Once: btime follows every step of the wall clock, and a start time that moves looks like a restart.
        _startTime = ReadStartTime();
        registry.AddCollector(Collect);
    }

    private void Collect(ScrapeSink sink)
    {
        if (Read("self/stat") is { } text && ProcStat.Parse(text) is { } stat)
        {
            sink.Set(_cpu, stat.CpuTicks / ProcStat.TicksPerSecond);
            sink.Set(_resident, (double)stat.ResidentPages * Environment.SystemPageSize);
            sink.Set(_virtual, stat.VirtualBytes);
            sink.Set(_threads, stat.Threads);
        }

        if (CountOpenFiles() is { } openFiles)
        {
            sink.Set(_openFiles, openFiles);
        }

        if (Read("self/limits") is { } limits && ProcText.ParseMaxOpenFiles(limits) is { } maxFiles)
        {
            sink.Set(_maxFiles, maxFiles);
        }

        if (_startTime is { } startTime)
        {
            sink.Set(_start, startTime);
        }
    }

    private double? ReadStartTime() =>
        Read("self/stat") is { } text && ProcStat.Parse(text) is { } stat
        && Read("stat") is { } system && ProcText.ParseBootTime(system) is { } boot
            ? boot + (stat.StartTicks / ProcStat.TicksPerSecond)
            : null;

    private string? Read(string file)
    {
        try
        {
            return File.ReadAllText(Path.Combine(_procPath, file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private int? CountOpenFiles()
    {
        try
        {
            // One of them is the descriptor by which the directory itself is being read.
            return Directory.EnumerateFileSystemEntries(Path.Combine(_procPath, "self/fd")).Count() - 1;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
