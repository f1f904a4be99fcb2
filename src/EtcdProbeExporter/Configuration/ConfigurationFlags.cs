namespace EtcdProbeExporter.Configuration;

/// <summary>
/// The command line as written. Values are text, so that a bad one is reported beside all other errors; null means that the flag
/// was not given,
/// and an empty text takes a variable's or the file's value away.
/// </summary>
internal sealed record ConfigurationFlags
{
    /// <summary>One item per occurrence; each may hold several, separated by commas.</summary>
    public IReadOnlyList<string>? Endpoints { get; init; }

    public string? CaCert { get; init; }

    public string? Cert { get; init; }

    public string? Key { get; init; }

    public string? User { get; init; }

    public string? Password { get; init; }

    public string? InsecureSkipTlsVerify { get; init; }

    public string? ConfigFile { get; init; }

    public string? WebListenAddress { get; init; }

    public string? WebTelemetryPath { get; init; }

    public string? WebExternalUrl { get; init; }

    public string? WebConfigFile { get; init; }

    public string? WebEnableLifecycle { get; init; }

    public string? ProbeInterval { get; init; }

    public string? ProbeTimeout { get; init; }

    public string? LogLevel { get; init; }

    public string? LogFormat { get; init; }

    // The generated text would print the password.
    public override string ToString() => nameof(ConfigurationFlags);
}
