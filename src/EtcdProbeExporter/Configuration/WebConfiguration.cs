namespace EtcdProbeExporter.Configuration;

/// <summary>The HTTP side, set by flags only.</summary>
internal sealed record WebConfiguration
{
    /// <summary>As written; <see cref="Configuration.ListenAddress.TryParse"/> accepts it.</summary>
    public string ListenAddress { get; init; } = ":10379";

    public string TelemetryPath { get; init; } = "/metrics";

    /// <summary>Under which address others reach the exporter; null: under the one that they used.</summary>
    public Uri? ExternalUrl { get; init; }

    /// <summary>Always null in this version: the loader refuses the flag.</summary>
    public string? ConfigFile { get; init; }

    /// <summary>Whether <c>POST /-/reload</c> is served.</summary>
    public bool EnableLifecycle { get; init; }
}
