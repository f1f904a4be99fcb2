namespace EtcdProbeExporter.Configuration;

/// <summary>What is logged, and how a line looks.</summary>
internal sealed record LogConfiguration
{
    public LogLevel Level { get; init; } = LogLevel.Information;

    public LogFormat Format { get; init; } = LogFormat.Logfmt;
}
