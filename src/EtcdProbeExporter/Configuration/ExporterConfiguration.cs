using System.Diagnostics.CodeAnalysis;

namespace EtcdProbeExporter.Configuration;

/// <summary>Everything that is configured: validated, defaults filled in, immutable. A reload builds a new one.</summary>
internal sealed record ExporterConfiguration
{
    public required IReadOnlyList<ClusterConfiguration> Clusters { get; init; }

    public WebConfiguration Web { get; init; } = new();

    public LogConfiguration Log { get; init; } = new();

    public CheckConfiguration Check { get; init; } = new();
}

/// <summary>A configuration, or every reason why there is none.</summary>
internal sealed record ConfigurationResult
{
    /// <summary>Null exactly when <see cref="Errors"/> is not empty.</summary>
    public ExporterConfiguration? Configuration { get; init; }

    /// <summary>Flags and variables first, then the file from top to bottom.</summary>
    public IReadOnlyList<ConfigurationError> Errors { get; init; } = [];

    /// <summary>Allowed, but hardly meant so. One line each, without secrets.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    [MemberNotNullWhen(true, nameof(Configuration))]
    public bool IsValid => Configuration is not null;
}
