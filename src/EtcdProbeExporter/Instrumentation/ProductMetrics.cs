using EtcdProbeExporter.Metrics;
using EtcdProbeExporter.Monitoring;
using EtcdProbeExporter.Supervision;

namespace EtcdProbeExporter.Instrumentation;

/// <summary>Every family this program exposes about etcd and about itself, registered in the order in which they are exposed.</summary>
internal sealed class ProductMetrics
{
    private readonly SeriesOwner _process;
    private readonly TimeProvider _time;
    private readonly ReportCollector _collector;

    /// <param name="registry">Where the families are registered; once only.</param>
    /// <param name="process">Owns the series that live as long as the process.</param>
    /// <param name="build">Version and source revision of this build.</param>
    public ProductMetrics(MetricRegistry registry, SeriesOwner process, (string Version, string Revision) build)
    {
        _process = process;
        _time = registry.Time;
        Exporter = new ExporterFamilies(registry);
        Endpoint = new EndpointFamilies(registry);
        Member = new MemberFamilies(registry);
        Cluster = new ClusterFamilies(registry);
        SchedulerLag = Exporter.SchedulerLag.With(_process);
        _collector = new ReportCollector(Exporter, Endpoint, Member, Cluster);
        Exporter.BuildInfo.With(_process, build.Version, build.Revision).Set(1);
    }

    public ExporterFamilies Exporter { get; }

    public EndpointFamilies Endpoint { get; }

    public MemberFamilies Member { get; }

    public ClusterFamilies Cluster { get; }

    public Histogram SchedulerLag { get; }

    /// <summary>Records an attempt to load the configuration: accepted and in force from now on, or refused.</summary>
    public void ConfigurationLoaded(bool accepted)
    {
        Exporter.LastReloadSuccessful.With(_process).Set(accepted ? 1 : 0);
        if (accepted)
        {
            Exporter.LastReloadSuccess.With(_process).Set(_time.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0);
        }
    }

    /// <summary>Writes the present state of the clusters, and of the exporter itself, into a scrape.</summary>
    public void Collect(ScrapeSink sink, IEnumerable<ClusterReport> clusters, InternalErrors errors)
    {
        foreach (var part in ExporterParts.All)
        {
            sink.Set(Exporter.InternalErrors, errors.Count(part), part.Label());
        }

        foreach (var cluster in clusters)
        {
            _collector.Collect(sink, cluster);
        }
    }
}
