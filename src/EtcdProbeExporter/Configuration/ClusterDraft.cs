namespace EtcdProbeExporter.Configuration;

/// <summary>
/// What one source (flags, variables, one entry of the file) says about a cluster; null is silence, an empty text is "none".
/// </summary>
internal sealed record ClusterDraft(Origin Origin)
{
    public Setting<string>? Name { get; init; }

    /// <summary>Each is known to be an address; whether it is http or https depends on the merged TLS settings.</summary>
    public IReadOnlyList<Setting<string>>? Endpoints { get; init; }

    /// <summary>URLs of single endpoints, by the endpoint as it is written.</summary>
    public IReadOnlyDictionary<string, Setting<string>> EndpointMetricsUrls { get; init; } = new Dictionary<string, Setting<string>>();

    public Setting<bool>? Discover { get; init; }

    public Setting<string>? MetricsUrl { get; init; }

    public Setting<string>? CaFile { get; init; }

    public Setting<string>? CertFile { get; init; }

    public Setting<string>? KeyFile { get; init; }

    public Setting<string>? ServerName { get; init; }

    public Setting<bool>? InsecureSkipVerify { get; init; }

    public Setting<string>? Username { get; init; }

    public Setting<string>? Password { get; init; }

    public Setting<string>? PasswordFile { get; init; }

    public Setting<TimeSpan>? Interval { get; init; }

    public Setting<TimeSpan>? Timeout { get; init; }

    public Setting<string>? KeyPrefix { get; init; }

    public Setting<WriteMode>? Write { get; init; }

    public Setting<bool>? Watch { get; init; }

    public Setting<TimeSpan>? HashCheckInterval { get; init; }

    /// <summary>This draft where it speaks, the other where it is silent.</summary>
    public ClusterDraft Over(ClusterDraft lower) => lower with
    {
        Endpoints = Endpoints ?? lower.Endpoints,
        CaFile = CaFile ?? lower.CaFile,
        CertFile = CertFile ?? lower.CertFile,
        KeyFile = KeyFile ?? lower.KeyFile,
        InsecureSkipVerify = InsecureSkipVerify ?? lower.InsecureSkipVerify,
        Username = Username ?? lower.Username,
        Password = Password ?? lower.Password,
        // A password given on the command line is meant instead of the file's, not beside it.
        PasswordFile = Password is null ? lower.PasswordFile : null,
        Interval = Interval ?? lower.Interval,
        Timeout = Timeout ?? lower.Timeout,
    };
}
