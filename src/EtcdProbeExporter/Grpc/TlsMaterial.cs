namespace EtcdProbeExporter.Grpc;

/// <summary>One PEM file as it was read. Its text may hold a secret: it is never printed.</summary>
internal sealed record PemFile(string Path, string Text)
{
    public override string ToString() => Path;
}

/// <summary>
/// What TLS credentials are made of: files as they were read, and settings. Equal by content, so that what has not changed is not made
/// again. <see cref="Certificate"/> is set exactly when <see cref="Key"/> is.
/// </summary>
internal sealed record TlsMaterial
{
    /// <summary>Null: the system's roots are trusted.</summary>
    public PemFile? Ca { get; init; }

    public PemFile? Certificate { get; init; }

    public PemFile? Key { get; init; }

    /// <summary>The name to expect instead of the endpoint's host.</summary>
    public string? ServerName { get; init; }

    public bool InsecureSkipVerify { get; init; }
}
