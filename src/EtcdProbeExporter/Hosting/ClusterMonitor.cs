using EtcdProbeExporter.Configuration;
using EtcdProbeExporter.Instrumentation;
using EtcdProbeExporter.Metrics;
using EtcdProbeExporter.Probing;

namespace EtcdProbeExporter.Hosting;

/// <summary>One configured cluster at work: its probes, and the series that live exactly as long as they do.</summary>
internal sealed class ClusterMonitor : IDisposable
{
    private readonly SeriesOwner _series = new();
    private readonly ClusterProber _prober;

    public ClusterMonitor(
        ClusterConfiguration cluster, uint exporter, ProductMetrics metrics, TimeProvider time, ILogger logger)
    {
        try
        {
            _prober = new ClusterProber(
                cluster,
                exporter,
                address => address is null
                    ? ProbeInstruments.ForCluster(metrics.Cluster, metrics.SchedulerLag, _series, cluster).Record
                    : ProbeInstruments.ForEndpoint(metrics.Endpoint, metrics.SchedulerLag, _series, cluster, address).Record,
                time,
                logger);
        }
        catch
        {
            _series.Dispose();
            throw;
        }
    }

    public Task RunAsync(CancellationToken cancellationToken) => _prober.RunAsync(cancellationToken);

    public ClusterSnapshot Snapshot() => _prober.Snapshot();

    public void Dispose()
    {
        _series.Dispose();
        _prober.Dispose();
    }
}
