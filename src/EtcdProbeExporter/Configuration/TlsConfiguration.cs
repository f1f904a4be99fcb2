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

internal static class TlsSettings
{
    public static readonly SettingRows Rows = new();

    public static readonly ClusterSetting<string?> CaFile = Rows.Add(new ClusterSetting<string?>
    {
        Path = "tls.ca_file",
        Flag = "--cacert",
        Variable = "ETCDCTL_CACERT",
        Form = ValueForms.PemFile,
        Default = null,
        Help = "CA bundle that signs the servers' certificates",
        Get = cluster => cluster.Tls.CaFile,
        Set = (cluster, path) => cluster with { Tls = cluster.Tls with { CaFile = path } },
    });

    public static readonly ClusterSetting<string?> CertFile = Rows.Add(new ClusterSetting<string?>
    {
        Path = "tls.cert_file",
        Flag = "--cert",
        Variable = "ETCDCTL_CERT",
        Form = ValueForms.PemFile,
        Default = null,
        Help = "client certificate",
        Get = cluster => cluster.Tls.CertFile,
        Set = (cluster, path) => cluster with { Tls = cluster.Tls with { CertFile = path } },
    });

    public static readonly ClusterSetting<string?> KeyFile = Rows.Add(new ClusterSetting<string?>
    {
        Path = "tls.key_file",
        Flag = "--key",
        Variable = "ETCDCTL_KEY",
        Form = ValueForms.PemFile,
        Default = null,
        Help = "key of the client certificate",
        Get = cluster => cluster.Tls.KeyFile,
        Set = (cluster, path) => cluster with { Tls = cluster.Tls with { KeyFile = path } },
    });

    public static readonly ClusterSetting<string?> ServerName = Rows.Add(new ClusterSetting<string?>
    {
        Path = "tls.server_name",
        Form = ValueForms.Text,
        Default = null,
        DefaultInWords = "the endpoint's host",
        Help = "the name to verify the servers' certificates against",
        Get = cluster => cluster.Tls.ServerName,
        Set = (cluster, name) => cluster with { Tls = cluster.Tls with { ServerName = name } },
    });

    public static readonly ClusterSetting<bool> InsecureSkipVerify = Rows.Add(new ClusterSetting<bool>
    {
        Path = "tls.insecure_skip_verify",
        Flag = "--insecure-skip-tls-verify",
        Variable = "ETCDCTL_INSECURE_SKIP_TLS_VERIFY",
        Form = ValueForms.Switch,
        Default = false,
        Help = "accept any server certificate",
        Get = cluster => cluster.Tls.InsecureSkipVerify,
        Set = (cluster, value) => cluster with { Tls = cluster.Tls with { InsecureSkipVerify = value } },
    });

    /// <summary>Whether an endpoint without a scheme is https, as in etcdctl.</summary>
    public static bool AreCertificatesInPlay(Draft draft) =>
        new[] { CaFile, CertFile, KeyFile }.Any(setting => setting.In(draft) is { Value: not null });

    /// <summary>What no single row can see.</summary>
    public static void Check(ClusterConfiguration cluster, Draft draft, Findings findings)
    {
        var (ca, cert, key) = (CaFile.In(draft), CertFile.In(draft), KeyFile.In(draft));
        if (cert is { Value: not null } && cluster.Tls.KeyFile is null)
        {
            findings.Refuse(cert.Error("a certificate needs its key (--key, ETCDCTL_KEY or tls.key_file)"));
        }

        if (key is { Value: not null } && cluster.Tls.CertFile is null)
        {
            findings.Refuse(key.Error("a key needs its certificate (--cert, ETCDCTL_CERT or tls.cert_file)"));
        }

        List<Origin> options =
        [
            .. new[] { ca, cert, key, ServerName.In(draft) }.Where(written => written is { Value: not null }).Select(written => written!.Origin),
            .. InsecureSkipVerify.In(draft) is { Value: true } insecure ? new[] { insecure.Origin } : [],
        ];
        if (options.Count == 0 || cluster.Endpoints.All(endpoint => endpoint.IsTls))
        {
            return;
        }

        if (cluster.Endpoints.Any(endpoint => endpoint.IsTls))
        {
            var plain = cluster.Endpoints.First(endpoint => !endpoint.IsTls);
            findings.Warn(options[0].Error(null, $"does not apply to the endpoint {plain}, which is probed without TLS"));
            return;
        }

        foreach (var option in options)
        {
            findings.Warn(option.Error(null, "has no effect: no endpoint of this cluster is https"));
        }
    }
}
