using System.Diagnostics;

namespace EtcdProbeExporter.Harness;

/// <summary>
/// Everything that an operator runs: three etcd members, the exporter, Prometheus with the shipped rules (time shortened), Alertmanager with
/// the shipped configuration, and a receiver. Ready when the watchdog alert has come through all of it.
/// </summary>
internal sealed class AlertingStack : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<IAsyncDisposable> _parts = [];
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("etcd-probe-alerting-");
    private readonly Report _output;

    private AlertingStack(EtcdCluster etcd, Report output)
    {
        Etcd = etcd;
        _output = output;
        _parts.Add(etcd);
    }

    /// <summary>Where a test writes what it measured.</summary>
    public delegate void Report(string line);

    public EtcdCluster Etcd { get; }

    public WebhookReceiver Receiver { get; private set; } = null!;

    public PrometheusProcess Prometheus { get; private set; } = null!;

    /// <param name="output">Where measured times are written.</param>
    /// <param name="timeout">Of the exporter's probes.</param>
    /// <param name="etcdArguments">Further arguments of every member.</param>
    public static async Task<AlertingStack> StartAsync(Report output, string timeout, params string[] etcdArguments)
    {
        var stack = new AlertingStack(await EtcdCluster.StartAsync(arguments: etcdArguments), output);
        try
        {
            await stack.StartAsync(timeout);
            return stack;
        }
        catch
        {
            await stack.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until exactly these alerts have reached a receiver and are not resolved; tells how long each took since the fault.</summary>
    public async Task ArriveAsync(string receiver, long fault, params string[] alerts)
    {
        await Condition.EventuallyAsync(
            () => Task.FromResult(Receiver.Firing(receiver).Select(d => d.Name).Distinct().ToList()),
            firing => alerts.All(firing.Contains),
            Patience,
            $"{string.Join(", ", alerts)} arrive at {receiver}");
        foreach (var alert in alerts)
        {
            var first = Receiver.All.First(d => d.Receiver == receiver && d.Name == alert && d.At > fault);
            _output(FormattableString.Invariant($"{receiver}: {alert} {Stopwatch.GetElapsedTime(fault, first.At).TotalSeconds:0.0} s after the fault"));
        }
    }

    /// <summary>Waits until nothing fires any more but the watchdog.</summary>
    public async Task ResolveAsync(long repair)
    {
        await Condition.EventuallyAsync(
            () => Task.FromResult(Receiver.Firing("pager").Concat(Receiver.Firing("tickets")).Select(d => d.Name).ToList()),
            firing => firing.Count == 0,
            TimeSpan.FromSeconds(120),
            "all alerts are resolved");
        _output(FormattableString.Invariant($"all resolved {Stopwatch.GetElapsedTime(repair).TotalSeconds:0.0} s after the repair"));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var part in Enumerable.Reverse(_parts))
        {
            await part.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }

    private async Task StartAsync(string timeout)
    {
        var exporter = Add(await ExporterProcess.StartAsync(Etcd, timeout));
        Receiver = Add(await WebhookReceiver.StartAsync());
        var configuration = Path.Combine(_folder.FullName, "alertmanager.yml");
        await File.WriteAllTextAsync(configuration, ShortenedRules.Alertmanager(Receiver.Url));
        var port = Ports.Next();
        Add(RunningProcess.Start(
            Tools.Find("prometheus-alertmanager")!,
            [
                "--config.file", configuration, "--storage.path", Path.Combine(_folder.FullName, "alertmanager"),
                "--web.listen-address", $"127.0.0.1:{port}", "--cluster.listen-address", "",
            ]));
        Prometheus = Add(await PrometheusProcess.StartAsync($$"""
            global: { scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s }
            rule_files: ['{{ShortenedRules.Write(_folder.FullName)}}']
            alerting: { alertmanagers: [{ static_configs: [{ targets: ['127.0.0.1:{{port}}'] }] }] }
            scrape_configs:
              - job_name: any
                static_configs: [{ targets: ['127.0.0.1:{{exporter.Port}}'] }]
              - job_name: etcd
                http_sd_configs: [{ url: 'http://127.0.0.1:{{exporter.Port}}/sd/etcd', refresh_interval: 1s }]
            """));
        await Condition.EventuallyAsync(
            () => Task.FromResult(Receiver.EverAt("watchdog")), names => names.Contains("EtcdProbeWatchdog"), Patience, "the watchdog comes through");
        await Condition.EventuallyAsync(
            () => Prometheus.QueryAsync("count_over_time(etcd_disk_wal_fsync_duration_seconds_count[20s]) > 12"),
            members => members.Count == 3,
            Patience,
            "enough samples of every member for the rules to judge it");
    }

    private T Add<T>(T part)
        where T : IAsyncDisposable
    {
        _parts.Add(part);
        return part;
    }
}
