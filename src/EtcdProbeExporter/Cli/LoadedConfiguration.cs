using EtcdProbeExporter.Configuration;

namespace EtcdProbeExporter.Cli;

/// <summary>
/// The configuration to start with, and the way to read it again with the same flags and variables (SIGHUP, POST /-/reload).
/// </summary>
internal sealed record LoadedConfiguration(ExporterConfiguration Configuration, Func<ConfigurationResult> Reload)
{
    /// <summary>For the log: one line each, without secrets.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
