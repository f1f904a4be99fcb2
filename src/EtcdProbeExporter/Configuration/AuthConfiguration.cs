namespace EtcdProbeExporter.Configuration;

/// <summary>etcd user. Exactly one of <see cref="Password"/> and <see cref="PasswordFile"/> is set.</summary>
internal sealed record AuthConfiguration
{
    public required string Username { get; init; }

    public string? Password { get; init; }

    /// <summary>
    /// Read again at every login, so that a rotated password needs no reload; a trailing line break is not part of the password.
    /// </summary>
    public string? PasswordFile { get; init; }

    // A record prints all its members, and configurations end up in logs.
    public override string ToString() => $"AuthConfiguration {{ Username = {Username}, Password = <secret>, PasswordFile = {PasswordFile} }}";
}
