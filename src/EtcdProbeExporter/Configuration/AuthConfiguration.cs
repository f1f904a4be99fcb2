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

internal static class AuthSettings
{
    public static readonly SettingRows Rows = new();

    public static readonly ClusterSetting<string?> Username = Rows.Add(new ClusterSetting<string?>
    {
        Path = "auth.username",
        Flag = "--user",
        Variable = "ETCDCTL_USER",
        Form = ValueForms.Text,
        Placeholder = "name[:password]",
        Default = null,
        Help = "user name; never prompts for a password",
        Get = cluster => cluster.Auth?.Username,
        Set = (cluster, name) => cluster with { Auth = AuthOf(cluster) with { Username = name ?? "" } },
    });

    public static readonly ClusterSetting<string?> Password = Rows.Add(new ClusterSetting<string?>
    {
        Path = "auth.password",
        Flag = "--password",
        Variable = "ETCDCTL_PASSWORD",
        Form = ValueForms.Text,
        Placeholder = "password",
        IsSecret = true,
        Default = null,
        Help = "its password; then --user is the name alone",
        Get = cluster => cluster.Auth?.Password,
        Set = (cluster, password) => cluster with { Auth = AuthOf(cluster) with { Password = password } },
    });

    public static readonly ClusterSetting<string?> PasswordFile = Rows.Add(new ClusterSetting<string?>
    {
        Path = "auth.password_file",
        Form = ValueForms.SecretFile,
        GivesWayTo = Password,
        Default = null,
        Help = "file with the password, read again at every login",
        Get = cluster => cluster.Auth?.PasswordFile,
        Set = (cluster, path) => cluster with { Auth = AuthOf(cluster) with { PasswordFile = path } },
    });

    /// <summary>
    /// Takes <c>name:password</c> apart as etcdctl does: only when no password is given beside it, so that a name may hold a colon
    /// (ctlv3/command/global.go: getAuthCfg).
    /// </summary>
    public static void SplitUser(Draft draft)
    {
        if (Password.In(draft) is { Value: not null })
        {
            return;
        }

        draft[Password] = null; // an empty one is none
        if (Username.In(draft) is { Value: { } user } written && user.Split(':', 2) is [var name, var password])
        {
            draft[Username] = written with { Value = name.Length == 0 ? null : name, Text = name };
            draft[Password] = new Written<string?>(password, written.Origin, null);
        }
    }

    /// <summary>What no single row can see. Without a user there is no login.</summary>
    public static ClusterConfiguration Check(ClusterConfiguration cluster, Draft draft, Findings findings)
    {
        var secret = Password.In(draft)?.Origin ?? PasswordFile.In(draft)?.Origin;
        if (Username.In(draft) is not { Value: not null } user)
        {
            if (secret is { File: not null })
            {
                findings.Refuse(secret.Error(null, "a password needs auth.username"));
            }
            else if (secret is not null)
            {
                // etcdctl ignores it silently, and ETCDCTL_PASSWORD may just be around.
                findings.Warn(secret.Error(null, "has no effect without --user or ETCDCTL_USER"));
            }

            return cluster with { Auth = null };
        }

        if (secret is null)
        {
            findings.Refuse(user.Error(
                "the user has no password: give name:password, --password, ETCDCTL_PASSWORD or auth.password_file (nothing here prompts)"));
        }

        if (Password.In(draft) is { Value: EffectiveConfiguration.Secret } placeholder)
        {
            findings.Warn(placeholder.Error($"{EffectiveConfiguration.Secret} is what check-config prints in place of a password"));
        }

        if (cluster.Endpoints.FirstOrDefault(endpoint => !endpoint.IsTls) is { } plain)
        {
            findings.Warn(user.Error($"the password travels unencrypted to {plain}"));
        }

        return cluster;
    }

    private static AuthConfiguration AuthOf(ClusterConfiguration cluster) => cluster.Auth ?? new AuthConfiguration { Username = "" };
}
