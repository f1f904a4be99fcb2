using EtcdProbeExporter.Configuration;
using EtcdProbeExporter.Credentials;
using EtcdProbeExporter.Grpc;
using EtcdProbeExporter.Supervision;

namespace EtcdProbeExporter.Probing;

/// <summary>What everything that probes one cluster has in common.</summary>
internal sealed record ClusterContext
{
    public required ClusterConfiguration Configuration { get; init; }

    public required ClusterCredentials Credentials { get; init; }

    /// <summary>Number of this process; part of every value written, for people who look at a probe key.</summary>
    public required uint Exporter { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>How names become addresses; null: by the system.</summary>
    public NameLookup? Lookup { get; init; }

    /// <summary>Gets one line per change of state.</summary>
    public required ILogger Logger { get; init; }

    /// <summary>Gets every unforeseen exception.</summary>
    public required InternalErrors Errors { get; init; }

    public string Name => Configuration.Name;

    public ProbeConfiguration Probe => Configuration.Probe;

    /// <summary>A part of the probing of this cluster whose unforeseen exceptions are reported as such.</summary>
    public SupervisedPart Part(ExporterPart where, string what) => new(Errors, where, $"{what} of {Name}");
}
