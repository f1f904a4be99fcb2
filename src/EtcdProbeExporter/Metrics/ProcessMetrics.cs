namespace EtcdProbeExporter.Metrics;

/// <summary>
/// What every exporter tells of its own process, read from <c>/proc/self</c>: enumerating threads through
/// <see cref="System.Diagnostics.Process"/> has made scrapes of other exporters last seconds. Off Linux these series are absent.
/// </summary>
internal sealed class ProcessMetrics(MetricRegistry registry)
{
    private readonly CounterFamily _cpu = registry.Counter("process_cpu_seconds_total", "Processor time that the exporter has used, user and system.");
    private readonly GaugeFamily _resident = registry.Gauge("process_resident_memory_bytes", "Memory of the exporter that is resident.");
    private readonly GaugeFamily _virtual = registry.Gauge("process_virtual_memory_bytes", "Address space of the exporter.");
    private readonly GaugeFamily _openFds = registry.Gauge("process_open_fds", "File descriptors that the exporter has open.");
    private readonly GaugeFamily _maxFds = registry.Gauge("process_max_fds", "File descriptors that the exporter may have open (soft limit).");
    private readonly GaugeFamily _start = registry.Gauge("process_start_time_seconds", "Unix time at which the exporter was started.");
    private readonly GaugeFamily _threads = registry.Gauge("process_threads", "Operating system threads of the exporter.");

    private readonly CounterFamily _collections = registry.Counter(
        "dotnet_gc_collections_total", "Garbage collections so far, by the oldest generation collected.", "generation");

    private readonly CounterFamily _pause = registry.Counter(
        "dotnet_gc_pause_seconds_total", "Time for which garbage collection has stopped the exporter: part of every latency measured meanwhile.");

    private readonly GaugeFamily _heap = registry.Gauge("dotnet_gc_heap_size_bytes", "Managed heap after the newest garbage collection.");
    private readonly CounterFamily _allocated = registry.Counter("dotnet_gc_allocated_bytes_total", "Managed memory allocated so far.");

    public void Collect(ScrapeSink sink)
    {
        if (Read("/proc/self/stat") is { } statText && ProcessFiles.ParseStat(statText) is { } stat)
        {
            sink.Set(_cpu, stat.CpuTicks / ProcessFiles.TicksPerSecond);
            sink.Set(_resident, stat.ResidentPages * Environment.SystemPageSize);
            sink.Set(_virtual, stat.VirtualBytes);
            sink.Set(_threads, stat.Threads);
            if (Read("/proc/stat") is { } bootText && ProcessFiles.ParseBootTime(bootText) is { } boot)
            {
                sink.Set(_start, boot + (stat.StartTicks / ProcessFiles.TicksPerSecond));
            }
        }

        if (Directory.Exists("/proc/self/fd"))
        {
            sink.Set(_openFds, Directory.EnumerateFileSystemEntries("/proc/self/fd").Count());
        }

        if (Read("/proc/self/limits") is { } limitsText && ProcessFiles.ParseMaxOpenFiles(limitsText) is { } limit)
        {
            sink.Set(_maxFds, limit);
        }

        for (var generation = 0; generation <= GC.MaxGeneration; generation++)
        {
            // CollectionCount of a generation includes those of older ones.
            var older = generation == GC.MaxGeneration ? 0 : GC.CollectionCount(generation + 1);
            sink.Set(_collections, GC.CollectionCount(generation) - older, [generation.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        }

        sink.Set(_pause, GC.GetTotalPauseDuration().TotalSeconds);
        sink.Set(_heap, GC.GetGCMemoryInfo().HeapSizeBytes);
        sink.Set(_allocated, GC.GetTotalAllocatedBytes());
    }

    private static string? Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // another system, or a hardened /proc: these series are absent
        }
    }
}
