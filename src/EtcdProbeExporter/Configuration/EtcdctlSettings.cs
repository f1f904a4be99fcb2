namespace EtcdProbeExporter.Configuration;

/// <summary>
/// The flags and variables that mean what they mean in etcdctl: a flag beats its variable, an empty variable is none
/// (etcd, pkg/flags/flag.go: SetPflagsFromEnv).
/// </summary>
internal static class EtcdctlSettings
{
    /// <summary>
    /// What the command line and the environment say about the cluster; the settings of <see cref="Given"/> plus the probe's
    /// pace.
    /// </summary>
    public static ClusterDraft Read(ConfigurationFlags flags, Func<string, string?> variable, Findings findings)
    {
        var (username, password) = User(
            Pick("--user", flags.User, "ETCDCTL_USER", variable),
            Pick("--password", flags.Password, "ETCDCTL_PASSWORD", variable));
        return new ClusterDraft(new Origin("command line"))
        {
            Endpoints = Endpoints(flags, variable, findings),
            CaFile = Pick("--cacert", flags.CaCert, "ETCDCTL_CACERT", variable),
            CertFile = Pick("--cert", flags.Cert, "ETCDCTL_CERT", variable),
            KeyFile = Pick("--key", flags.Key, "ETCDCTL_KEY", variable),
            InsecureSkipVerify = findings.Read<bool>(
                Pick("--insecure-skip-tls-verify", flags.InsecureSkipTlsVerify, "ETCDCTL_INSECURE_SKIP_TLS_VERIFY", variable),
                SettingText.GoBool),
            Username = username,
            Password = password,
            Interval = findings.Read<TimeSpan>(Flag("--probe.interval", flags.ProbeInterval), SettingText.Duration),
            Timeout = findings.Read<TimeSpan>(Flag("--probe.timeout", flags.ProbeTimeout), SettingText.Duration),
        };
    }

    /// <summary>Those settings that can belong to one cluster only, by the place they came from.</summary>
    public static IEnumerable<Origin> Given(ClusterDraft draft) =>
        new[]
        {
            draft.Endpoints?[0].Origin, draft.CaFile?.Origin, draft.CertFile?.Origin, draft.KeyFile?.Origin,
            draft.InsecureSkipVerify?.Origin, draft.Username?.Origin, draft.Password?.Origin,
        }.OfType<Origin>().Distinct();

    private static Setting<string>? Flag(string name, string? value) => value is null ? null : new Setting<string>(value, new Origin(name), value);

    private static Setting<string>? Pick(string flag, string? value, string name, Func<string, string?> variable)
    {
        if (value is not null)
        {
            return Flag(flag, value);
        }

        return variable(name) is { Length: > 0 } text ? new Setting<string>(text, new Origin(name), text) : null;
    }

    // etcdctl splits name:password only when no password is given beside it, so that a name may hold a colon
    // (ctlv3/command/global.go: getAuthCfg).
    private static (Setting<string>? Username, Setting<string>? Password) User(Setting<string>? user, Setting<string>? password)
    {
        if (password is { Value.Length: 0 })
        {
            password = null;
        }

        if (password is not null)
        {
            return (user, password with { Text = null });
        }

        var colon = user?.Value.IndexOf(':', StringComparison.Ordinal) ?? -1;
        if (user is null || colon < 0)
        {
            return (user, null);
        }

        var name = user.Value[..colon];
        return (user with { Value = name, Text = name }, new Setting<string>(user.Value[(colon + 1)..], user.Origin, null));
    }

    private static List<Setting<string>>? Endpoints(ConfigurationFlags flags, Func<string, string?> variable, Findings findings)
    {
        var origin = new Origin("--endpoints");
        var written = flags.Endpoints;
        if (written is null && variable("ETCDCTL_ENDPOINTS") is { Length: > 0 } text)
        {
            origin = new Origin("ETCDCTL_ENDPOINTS");
            written = [text];
        }

        if (written is null)
        {
            return null;
        }

        var settings = written.SelectMany(list => list.Split(',', StringSplitOptions.TrimEntries))
            .Select(item => new Setting<string>(item, origin, item)).ToList();
        return EndpointList.AreAddresses(settings, findings) ? settings : null;
    }
}
