using EtcdProbeExporter.Metrics;

namespace EtcdProbeExporter.Tests.Metrics;

public sealed class ProcessMetricsTests : IDisposable
{
    private const string Stat =
        "1 (etcd probe) S 0 1 1 0 -1 0 1 0 0 0 250 50 0 0 20 0 12 0 1000 4096000 100 18446744073709551615 1 1 1 0\n";

    private const string Limits =
        "Limit                     Soft Limit           Hard Limit           Units     \n"
        + "Max open files            1024                 524288               files     \n";

    private readonly DirectoryInfo _proc = Directory.CreateTempSubdirectory("proc");
    private readonly MetricRegistry _registry = new(TimeProvider.System);

    public void Dispose() => _proc.Delete(recursive: true);

    [Fact]
    public void Everything_is_read_from_proc()
    {
        Write("self/stat", Stat);
        Write("self/limits", Limits);
        Write("stat", "cpu 1\nbtime 1700000000\n");
        foreach (var descriptor in new[] { "0", "1", "2", "7" })
        {
            Write($"self/fd/{descriptor}", "");
        }

        _ = new ProcessMetrics(_registry, _proc.FullName);

        Values().Should().Equal(new Dictionary<string, double>
        {
            ["process_cpu_seconds_total"] = 3,
            ["process_resident_memory_bytes"] = 100d * Environment.SystemPageSize,
            ["process_virtual_memory_bytes"] = 4096000,
            ["process_open_fds"] = 3,
            ["process_max_fds"] = 1024,
            ["process_start_time_seconds"] = 1700000010,
            ["process_threads"] = 12,
        });
    }

    [Fact]
    public void Without_proc_all_is_absent_and_nothing_fails()
    {
        _ = new ProcessMetrics(_registry, Path.Combine(_proc.FullName, "absent"));

        _registry.Collect().Should().BeEmpty();
    }

    [Fact]
    public void What_is_missing_is_absent_alone()
    {
        Write("self/limits", Limits);
        Write("self/stat", "garbage");

        _ = new ProcessMetrics(_registry, _proc.FullName);

        Values().Keys.Should().Equal("process_max_fds");
    }

    [Fact]
    public void The_start_time_does_not_move_with_the_wall_clock()
    {
        Write("self/stat", Stat);
        Write("stat", "btime 1700000000\n");
        _ = new ProcessMetrics(_registry, _proc.FullName);

        Write("stat", "btime 1700003600\n");

        Values()["process_start_time_seconds"].Should().Be(1700000010);
    }

    [ProcFact]
    public void On_Linux_the_real_process_is_described_with_plausible_values()
    {
        _ = new ProcessMetrics(_registry);
        var before = Values();
        var files = Enumerable.Range(0, 20).Select(i => File.Create(Path.Combine(_proc.FullName, $"{i}"))).ToList();

        var values = Values();
        files.ForEach(file => file.Dispose());

        values["process_open_fds"].Should().BeGreaterThanOrEqualTo(before["process_open_fds"] + 10);
        values["process_max_fds"].Should().BeGreaterThan(values["process_open_fds"]);
        values["process_threads"].Should().BeInRange(2, 1000);
        values["process_cpu_seconds_total"].Should().BeGreaterThan(0);
        values["process_resident_memory_bytes"].Should().BeInRange(10e6, values["process_virtual_memory_bytes"]);
        var started = DateTimeOffset.UnixEpoch.AddSeconds(values["process_start_time_seconds"]);
        started.Should().BeCloseTo(StartTimeBySystem(), TimeSpan.FromSeconds(2));
    }

    private static DateTimeOffset StartTimeBySystem()
    {
        using var self = System.Diagnostics.Process.GetCurrentProcess();
        return self.StartTime;
    }

    private Dictionary<string, double> Values() =>
        _registry.Collect().ToDictionary(family => family.Name, family => family.Series[0].Value);

    private void Write(string file, string text)
    {
        var path = Path.Combine(_proc.FullName, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    private sealed class ProcFactAttribute : FactAttribute
    {
        public ProcFactAttribute() => Skip = OperatingSystem.IsLinux() ? null : "no /proc on this system";
    }
}
