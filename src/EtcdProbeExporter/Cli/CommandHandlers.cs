using EtcdProbeExporter.Configuration;

namespace EtcdProbeExporter.Cli;

/// <summary>What the verbs do once there is a configuration; each returns the exit code.</summary>
internal sealed record CommandHandlers
{
    /// <summary>Probes and serves until a signal; handles SIGTERM, SIGINT and SIGHUP itself.</summary>
    public required Func<LoadedConfiguration, CancellationToken, Task<int>> Run { get; init; }

    /// <summary>Asks an exporter that runs on this machine with the same settings whether it lives.</summary>
    public required Func<ExporterConfiguration, CancellationToken, Task<int>> HealthCheck { get; init; }

    /// <summary>One round of probes, reported as the configuration says.</summary>
    public required Func<ExporterConfiguration, CancellationToken, Task<int>> Check { get; init; }
}
