using System.Collections.Concurrent;
using EtcdProbeExporter.Configuration;
using EtcdProbeExporter.Instrumentation;
using EtcdProbeExporter.Metrics;
using EtcdProbeExporter.Monitoring;
using EtcdProbeExporter.Probing;

namespace EtcdProbeExporter.Hosting;

/// <summary>A cluster that is watched, and the series that live exactly as long as that.</summary>
internal sealed class ExposedCluster : IDisposable
{
    private readonly SeriesOwner _series = new();
    private readonly ConcurrentDictionary<EndpointAddress, SeriesOwner> _endpoints = [];

    public ExposedCluster(ClusterContext context, ProductMetrics metrics)
    {
        var cluster = context.Configuration;
        try
        {
            Monitor = new ClusterMonitor(
                context,
                address => address is null
                    ? new ProbeListener(ProbeInstruments.ForCluster(metrics.Cluster, metrics.SchedulerLag, _series, cluster).Record, static () => { })
                    : Listen(address),
                new RoundInstruments(metrics.Cluster, _series, cluster).Record);
        }
        catch
        {
            DisposeSeries();
            throw;
        }

        // An endpoint's series go with it, which may be before the cluster's.
        ProbeListener Listen(EndpointAddress address)
        {
            var series = new SeriesOwner();
            _endpoints[address] = series;
            var instruments = ProbeInstruments.ForEndpoint(metrics.Endpoint, metrics.Member, metrics.SchedulerLag, series, cluster, address);
            return new ProbeListener(instruments.Record, series.Dispose);
        }
    }

    public ClusterMonitor Monitor { get; }

    public void Dispose()
    {
        DisposeSeries();
        Monitor.Dispose();
    }

    private void DisposeSeries()
    {
        _series.Dispose();
        foreach (var series in _endpoints.Values)
        {
            series.Dispose();
        }
    }
}
