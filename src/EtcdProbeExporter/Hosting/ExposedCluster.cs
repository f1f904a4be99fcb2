using EtcdProbeExporter.Instrumentation;
using EtcdProbeExporter.Monitoring;
using EtcdProbeExporter.Probing;

namespace EtcdProbeExporter.Hosting;

/// <summary>A cluster that is watched, and the series that live exactly as long as that: where probes and metrics are put together.</summary>
internal sealed class ExposedCluster : IDisposable
{
    private readonly ClusterInstruments _instruments;

    public ExposedCluster(ClusterContext context, ProductMetrics metrics)
    {
        _instruments = new ClusterInstruments(metrics, context.Configuration);
        try
        {
            Monitor = new ClusterMonitor(context, _instruments);
        }
        catch
        {
            _instruments.Dispose();
            throw;
        }
    }

    public ClusterMonitor Monitor { get; }

    public void Dispose()
    {
        _instruments.Dispose();
        Monitor.Dispose();
    }
}
