using System.Collections.Concurrent;
using EtcdProbeExporter.Configuration;
using EtcdProbeExporter.Metrics;
using EtcdProbeExporter.Monitoring;
using EtcdProbeExporter.Probing.Operations;

namespace EtcdProbeExporter.Instrumentation;

/// <summary>
/// The counters and histograms of one cluster and of its endpoints, fed by all that happens there. They live as long as this, those of an
/// endpoint as long as it is probed.
/// </summary>
internal sealed class ClusterInstruments : IMonitorSink, IDisposable
{
    private readonly ProductMetrics _metrics;
    private readonly ClusterConfiguration _cluster;
    private readonly SeriesOwner _series = new();
    private readonly ConcurrentDictionary<string, (SeriesOwner Series, ProbeInstruments Probes)> _endpoints = new(StringComparer.Ordinal);
    private readonly ProbeInstruments _probes;
    private readonly RoundInstruments _rounds;

    public ClusterInstruments(ProductMetrics metrics, ClusterConfiguration cluster)
    {
        (_metrics, _cluster) = (metrics, cluster);
        _probes = ProbeInstruments.ForCluster(metrics.Cluster, metrics.SchedulerLag, _series, cluster);
        _rounds = new RoundInstruments(metrics.Cluster, _series, cluster);
    }

    public void Opened(EndpointAddress endpoint)
    {
        var series = new SeriesOwner();
        _endpoints[endpoint.Label] = (series, ProbeInstruments.ForEndpoint(_metrics, series, _cluster, endpoint));
    }

    public void Report(EndpointAddress? endpoint, ProbeEvent happened)
    {
        if (endpoint is null)
        {
            _probes.Record(happened);
        }
        else if (_endpoints.TryGetValue(endpoint.Label, out var own))
        {
            own.Probes.Record(happened);
        }
    }

    public void Report(RoundOutcome round) => _rounds.Record(round);

    public void Closed(EndpointAddress endpoint)
    {
        if (_endpoints.TryRemove(endpoint.Label, out var own))
        {
            own.Series.Dispose();
        }
    }

    public void Dispose()
    {
        _series.Dispose();
        foreach (var (series, _) in _endpoints.Values)
        {
            series.Dispose();
        }
    }
}
