using EtcdProbeExporter.Campaign.Clusters;
using EtcdProbeExporter.Harness;

namespace EtcdProbeExporter.Campaign.Episodes;

/// <summary>
/// The shipped rules and the shipped Alertmanager configuration, time running faster by the documented transformation
/// (<see cref="ShortenedRules"/>), in a real Prometheus and a real Alertmanager.
/// </summary>
internal sealed class Alerting : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("etcd-probe-campaign-alerting-");
    private readonly List<IAsyncDisposable> _parts = [];
    private WebhookReceiver _receiver = null!;

    /// <summary>Everything that ever paged.</summary>
    public IReadOnlyList<string> Pages => _receiver.EverAt("pager");

    public IReadOnlyList<string> Tickets => _receiver.EverAt("tickets");

    /// <param name="exporter">Its port.</param>
    /// <param name="security">Of the cluster: behind TLS its own metrics are fetched through the exporter's targets only where plain.</param>
    /// <param name="bound">Within which the exporter must have seen what is so: what it shows for less must not page.</param>
    public static async Task<Alerting> StartAsync(int exporter, Security security, TimeSpan bound)
    {
        var alerting = new Alerting();
        try
        {
            await alerting.BeginAsync(exporter, security, bound);
            return alerting;
        }
        catch
        {
            await alerting.DisposeAsync();
            throw;
        }
    }

    /// <summary>What came that must not, and what had to come and did not.</summary>
    public IEnumerable<string> Judge(EpisodePlan plan, bool notAllApplied)
    {
        var expected = plan.Faults.Select(f => f.Fault.Alerts!).ToList();
        var loses = plan.Cluster.Members < 3 || (plan.Together && plan.Faults.Count > 1); // then a quorum may be lost, and rightly pages
        string[] ofQuorums = ["EtcdClusterWritesFailing", "EtcdClusterReadsFailing", "EtcdQuorumLost", "EtcdNoLeader", "EtcdWriteErrorBudgetBurn"];
        var mayPage = expected.SelectMany(e => e.Pages.Concat(e.MayPage)).Concat(loses ? ofQuorums : []).ToHashSet();
        foreach (var page in Pages.Where(p => !mayPage.Contains(p)))
        {
            yield return $"alerts: page {page}, which nothing explains";
        }

        if (notAllApplied || loses)
        {
            yield break;
        }

        foreach (var missing in expected.SelectMany(e => e.Pages).Except(Pages))
        {
            yield return $"alerts: no page {missing}";
        }

        foreach (var missing in expected.SelectMany(e => e.Tickets).Except(Tickets))
        {
            yield return $"alerts: no ticket {missing}";
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var part in Enumerable.Reverse(_parts))
        {
            await part.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }

    private async Task BeginAsync(int exporter, Security security, TimeSpan bound)
    {
        _receiver = Add(await WebhookReceiver.StartAsync());
        var configuration = Path.Combine(_folder.FullName, "alertmanager.yml");
        await File.WriteAllTextAsync(configuration, ShortenedRules.Alertmanager(_receiver.Url));
        var port = Ports.Next();
        Add(RunningProcess.Start(
            Tools.Find("prometheus-alertmanager")!,
            [
                "--config.file", configuration, "--storage.path", Path.Combine(_folder.FullName, "alertmanager"),
                "--web.listen-address", $"127.0.0.1:{port}", "--cluster.listen-address", "",
            ]));
        var members = security == Security.Tls ? "" : $$"""

              - job_name: etcd
                http_sd_configs: [{ url: 'http://127.0.0.1:{{exporter}}/sd/etcd', refresh_interval: 1s }]
            """;
        Add(await PrometheusProcess.StartAsync($$"""
            global: { scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s }
            rule_files: ['{{ShortenedRules.Write(_folder.FullName, bound)}}']
            alerting: { alertmanagers: [{ static_configs: [{ targets: ['127.0.0.1:{{port}}'] }] }] }
            scrape_configs:
              - job_name: any
                static_configs: [{ targets: ['127.0.0.1:{{exporter}}'] }]{{members}}
            """));
        await Condition.EventuallyAsync(
            () => Task.FromResult(_receiver.EverAt("watchdog")), names => names.Contains("EtcdProbeWatchdog"), TimeSpan.FromSeconds(60), "the watchdog comes through");
    }

    private T Add<T>(T part)
        where T : IAsyncDisposable
    {
        _parts.Add(part);
        return part;
    }
}
