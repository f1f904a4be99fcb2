using System.Security.Cryptography;
using EtcdProbeExporter.Configuration;
using EtcdProbeExporter.Instrumentation;
using EtcdProbeExporter.MemberMetrics;
using EtcdProbeExporter.Monitoring;
using EtcdProbeExporter.Probing;

namespace EtcdProbeExporter.Hosting;

/// <summary>
/// The clusters that are watched now. A new configuration changes only what is different in it: a cluster that is configured as before goes
/// on with its connections, its counters and its history.
/// </summary>
internal sealed class ClusterSet(ProductMetrics metrics, TimeProvider time, ILogger logger, CancellationToken stopping) : IAsyncDisposable
{
    // Part of every value written; only for people who look at a probe key and wonder who writes it.
    private readonly uint _exporter = BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(sizeof(uint)));
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _crashed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private List<Watched> _watched = [];

    /// <summary>Fails when some cluster's probes ended by a defect.</summary>
    public Task Crashed => _crashed.Task;

    /// <summary>One round of every cluster is done, well or not.</summary>
    public bool Ready => Now().All(w => w.Cluster.Monitor.RoundDone);

    /// <summary>What is watched now, as it was configured.</summary>
    public IReadOnlyList<ClusterConfiguration> Configurations => [.. Now().Select(w => w.Configuration)];

    /// <summary>The members whose own metrics can be had.</summary>
    public IEnumerable<MemberTarget> Targets() => Now().SelectMany(w => MemberTargets.Of(w.Configuration, w.Cluster.Monitor.Report()));

    public IEnumerable<ClusterReport> Reports() => Now().Select(w => w.Cluster.Monitor.Report());

    /// <summary>Watches exactly these clusters from now on. Returns why it cannot; then nothing was changed.</summary>
    public async Task<string?> ApplyAsync(IReadOnlyList<ClusterConfiguration> clusters)
    {
        var before = Now();
        var added = clusters.Where(c => before.All(w => w.Configuration != c)).ToList();
        foreach (var cluster in added)
        {
            if (EndpointLink.CredentialsObjection(cluster.Tls) is { } objection)
            {
                return $"cluster {cluster.Name}: {objection}";
            }
        }

        // Removed first: a cluster that changed has the same series, and these may have one owner only.
        foreach (var gone in before.Where(w => !clusters.Contains(w.Configuration)))
        {
            await gone.StopAsync();
        }

        var after = new List<Watched>();
        foreach (var cluster in clusters)
        {
            after.Add(before.Find(w => w.Configuration == cluster) ?? Start(cluster));
        }

        lock (_lock)
        {
            _watched = after;
        }

        return null;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var watched in Now())
        {
            await watched.StopAsync();
        }
    }

    private List<Watched> Now()
    {
        lock (_lock)
        {
            return _watched;
        }
    }

    private Watched Start(ClusterConfiguration configuration)
    {
        var cluster = new ExposedCluster(configuration, _exporter, metrics, time, logger);
        var stop = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var running = Task.Run(() => cluster.Monitor.RunAsync(stop.Token), CancellationToken.None);
        _ = running.ContinueWith(
            ended => _crashed.TrySetException(ended.Exception!.InnerExceptions),
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted,
            TaskScheduler.Default);
        return new Watched(configuration, cluster, stop, running);
    }

    private sealed record Watched(ClusterConfiguration Configuration, ExposedCluster Cluster, CancellationTokenSource Stop, Task Running)
    {
        public async Task StopAsync()
        {
            await Stop.CancelAsync();
            await Running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // a defect was told when it happened
            Cluster.Dispose();
            Stop.Dispose();
        }
    }
}
