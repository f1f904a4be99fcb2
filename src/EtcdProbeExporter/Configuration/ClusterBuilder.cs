namespace EtcdProbeExporter.Configuration;

/// <summary>Turns a merged draft into a cluster and checks what only the whole can show.</summary>
internal static class ClusterBuilder
{
    public const string DefaultName = "default";

    /// <summary>The result means something only when no error was found.</summary>
    public static ClusterConfiguration Build(ClusterDraft draft, NamedFiles files, Findings findings)
    {
        var tls = new TlsConfiguration
        {
            CaFile = Given(draft.CaFile)?.Value,
            CertFile = Given(draft.CertFile)?.Value,
            KeyFile = Given(draft.KeyFile)?.Value,
            ServerName = draft.ServerName?.Value,
            InsecureSkipVerify = draft.InsecureSkipVerify?.Value ?? false,
        };
        var endpoints = EndpointList.Resolve(draft.Endpoints ?? [], draft.EndpointMetricsUrls, tls is not { CaFile: null, CertFile: null, KeyFile: null }, findings);
        CheckTls(draft, endpoints, files, findings);
        return new ClusterConfiguration
        {
            Name = draft.Name?.Value ?? DefaultName,
            Endpoints = endpoints,
            MetricsUrl = draft.MetricsUrl?.Value,
            Discover = draft.Discover?.Value ?? false,
            Tls = tls,
            Auth = Auth(draft, endpoints, files, findings),
            Probe = ProbeBuilder.Build(draft, findings),
        };
    }

    private static Setting<string>? Given(Setting<string>? setting) => setting is { Value.Length: > 0 } ? setting : null;

    private static void CheckTls(ClusterDraft draft, List<EndpointAddress> endpoints, NamedFiles files, Findings findings)
    {
        var (ca, cert, key) = (Given(draft.CaFile), Given(draft.CertFile), Given(draft.KeyFile));
        files.RequirePem(ca);
        files.RequirePem(cert);
        files.RequirePem(key);
        if (cert is not null && key is null)
        {
            findings.Refuse(cert.Error("a certificate needs its key (--key, ETCDCTL_KEY or tls.key_file)"));
        }

        if (key is not null && cert is null)
        {
            findings.Refuse(key.Error("a key needs its certificate (--cert, ETCDCTL_CERT or tls.cert_file)"));
        }

        var insecure = draft.InsecureSkipVerify is { Value: true } ? draft.InsecureSkipVerify.Origin : null;
        var options = new[] { ca?.Origin, cert?.Origin, key?.Origin, draft.ServerName?.Origin, insecure }.OfType<Origin>().ToList();
        if (options.Count == 0 || endpoints.TrueForAll(endpoint => endpoint.IsTls))
        {
            return;
        }

        var plain = endpoints.First(endpoint => !endpoint.IsTls);
        if (endpoints.Exists(endpoint => endpoint.IsTls))
        {
            findings.Warn(options[0].Error(null, $"does not apply to the endpoint {plain}, which is probed without TLS"));
            return;
        }

        foreach (var option in options)
        {
            findings.Warn(option.Error(null, "has no effect: no endpoint of this cluster is https"));
        }
    }

    private static AuthConfiguration? Auth(ClusterDraft draft, List<EndpointAddress> endpoints, NamedFiles files, Findings findings)
    {
        var user = Given(draft.Username);
        var secret = draft.Password?.Origin ?? draft.PasswordFile?.Origin;
        files.Require(draft.PasswordFile);
        if (user is null)
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

            return null;
        }

        if (secret is null)
        {
            findings.Refuse(user.Error(
                "the user has no password: give name:password, --password, ETCDCTL_PASSWORD or auth.password_file (nothing here prompts)"));
        }

        if (draft.Password is { Value: EffectiveConfiguration.Secret })
        {
            findings.Warn(draft.Password.Error($"{EffectiveConfiguration.Secret} is what check-config prints in place of a password"));
        }

        if (endpoints.Find(endpoint => !endpoint.IsTls) is { } plain)
        {
            findings.Warn(user.Error($"the password travels unencrypted to {plain}"));
        }

        return new AuthConfiguration { Username = user.Value, Password = draft.Password?.Value, PasswordFile = draft.PasswordFile?.Value };
    }
}
