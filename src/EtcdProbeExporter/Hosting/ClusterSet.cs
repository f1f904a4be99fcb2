using System.Security.Cryptography;
using EtcdProbeExporter.Configuration;
using EtcdProbeExporter.Credentials;
using EtcdProbeExporter.Instrumentation;
using EtcdProbeExporter.MemberMetrics;
using EtcdProbeExporter.Monitoring;
using EtcdProbeExporter.Probing;
using EtcdProbeExporter.Supervision;

namespace EtcdProbeExporter.Hosting;

/// <summary>
/// The clusters that are watched now. A new configuration changes only what is different in it: a cluster that is configured as before goes
/// on with its connections, its counters and its history.
/// </summary>
internal sealed class ClusterSet(ProductMetrics metrics, InternalErrors errors, TimeProvider time, ILogger logger, CancellationToken stopping) : IAsyncDisposable
{
    // Part of every value written; only for people who look at a probe key and wonder who writes it.
    private readonly uint _exporter = BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(sizeof(uint)));
    private readonly Lock _lock = new();
    private List<Watched> _watched = [];

    /// <summary>One round of every cluster is done, well or not.</summary>
    public bool Ready => Now().All(w => w.Cluster.Monitor.RoundDone);

    /// <summary>What is watched now, as it was configured.</summary>
    public IReadOnlyList<ClusterConfiguration> Configurations => [.. Now().Select(w => w.Configuration)];

    /// <summary>The members whose own metrics can be had.</summary>
    public IEnumerable<MemberTarget> Targets() => Now().SelectMany(w => MemberTargets.Of(w.Configuration, w.Context.Credentials, w.Cluster.Monitor.Report()));

    public IEnumerable<ClusterReport> Reports() => Now().Select(w => w.Cluster.Monitor.Report());

    /// <summary>Watches exactly these clusters from now on. Returns why it cannot; then nothing was changed.</summary>
    public async Task<string?> ApplyAsync(IReadOnlyList<ClusterConfiguration> clusters)
    {
        var before = Now();
        var added = new List<ClusterContext>();
        foreach (var cluster in clusters.Where(c => before.All(w => w.Configuration != c)))
        {
            var (credentials, objection) = ClusterCredentials.Open(cluster, logger);
            if (credentials is null)
            {
                return $"cluster {cluster.Name}: {objection}";
            }

            added.Add(new ClusterContext
            {
                Configuration = cluster,
                Credentials = credentials,
                Exporter = _exporter,
                Time = time,
                Logger = logger,
                Errors = errors,
            });
        }

        // Removed first: a cluster that changed has the same series, and these may have one owner only.
        foreach (var gone in before.Where(w => !clusters.Contains(w.Configuration)))
        {
            await gone.StopAsync();
        }

        var after = new List<Watched>();
        foreach (var cluster in clusters)
        {
            var kept = before.Find(w => w.Configuration == cluster);
            kept?.Context.Credentials.Refresh(); // whoever reloads after renewing a file wants it to count now
            after.Add(kept ?? Start(added.Find(c => c.Configuration == cluster)!));
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

    private Watched Start(ClusterContext context)
    {
        var cluster = new ExposedCluster(context, metrics);
        var stop = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        return new Watched(context, cluster, stop, cluster.Monitor.RunAsync(stop.Token));
    }

    private sealed record Watched(ClusterContext Context, ExposedCluster Cluster, CancellationTokenSource Stop, Task Running)
    {
        public ClusterConfiguration Configuration => Context.Configuration;

        public async Task StopAsync()
        {
            await Stop.CancelAsync();
            await Running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // it ends by cancellation only
            Cluster.Dispose();
            Stop.Dispose();
        }
    }
}
