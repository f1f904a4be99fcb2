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

/// <summary>
/// The configuration to start with, and the way to read it again with the same flags and variables (SIGHUP, POST /-/reload).
/// </summary>
internal sealed record LoadedConfiguration(ExporterConfiguration Configuration, Func<ConfigurationResult> Reload)
{
    /// <summary>For the log: one line each, without secrets.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>Exit codes of all verbs; scripts depend on them.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>The process crashed, or <c>check</c> found something wrong.</summary>
    public const int Failure = 1;

    /// <summary>Wrong usage or a refused configuration.</summary>
    public const int Usage = 2;
}
