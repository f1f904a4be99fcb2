namespace EtcdProbeExporter.Web;

/// <summary>What is served besides metrics, and where.</summary>
internal sealed record Served
{
    /// <summary>Where metrics are.</summary>
    public required string TelemetryPath { get; init; }

    /// <summary>Under which address others reach the exporter; null: under the one that they used.</summary>
    public Uri? ExternalUrl { get; init; }

    /// <summary>The status page as it is now.</summary>
    public required Func<string> Page { get; init; }

    /// <summary>The same as JSON.</summary>
    public required Func<byte[]> Status { get; init; }

    /// <summary>Whether one round of every cluster is done.</summary>
    public required Func<bool> Ready { get; init; }

    /// <summary>Reloads the configuration and returns why it could not; null when that is switched off.</summary>
    public Func<Task<IReadOnlyList<string>>>? Reload { get; init; }
}
