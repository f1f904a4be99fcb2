using EtcdProbeExporter.Configuration;
using EtcdProbeExporter.Instrumentation;
using EtcdProbeExporter.Metrics;
using EtcdProbeExporter.Monitoring;

namespace EtcdProbeExporter.Hosting;

/// <summary>A cluster that is watched, and the series that live exactly as long as that.</summary>
internal sealed class ExposedCluster : IDisposable
{
    private readonly SeriesOwner _series = new();

    public ExposedCluster(ClusterConfiguration cluster, uint exporter, ProductMetrics metrics, TimeProvider time, ILogger logger)
    {
        try
        {
            Monitor = new ClusterMonitor(
                cluster,
                exporter,
                address => address is null
                    ? ProbeInstruments.ForCluster(metrics.Cluster, metrics.SchedulerLag, _series, cluster).Record
                    : ProbeInstruments.ForEndpoint(metrics.Endpoint, metrics.SchedulerLag, _series, cluster, address).Record,
                new RoundInstruments(metrics.Cluster, metrics.Member, _series, cluster).Record,
                time,
                logger);
        }
        catch
        {
            _series.Dispose();
            throw;
        }
    }

    public ClusterMonitor Monitor { get; }

    public void Dispose()
    {
        _series.Dispose();
        Monitor.Dispose();
    }
}
