namespace EtcdProbeExporter.Configuration;

/// <summary>The TLS identity of a cluster's client; paths are absolute or relative to the working directory.</summary>
internal sealed record TlsConfiguration
{
    public string? CaFile { get; init; }

    /// <summary>Set exactly when <see cref="KeyFile"/> is.</summary>
    public string? CertFile { get; init; }

    public string? KeyFile { get; init; }

    /// <summary>The name to verify the server's certificate against, when it is not the endpoint's host.</summary>
    public string? ServerName { get; init; }

    public bool InsecureSkipVerify { get; init; }
}
