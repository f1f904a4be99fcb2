using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace EtcdProbeExporter.Configuration;

/// <summary>The YAML file: text in, one draft per cluster out.</summary>
internal static class ConfigurationFile
{
    private static readonly string[] RootKeys = ["clusters"];
    private static readonly string[] EndpointKeys = ["url", "metrics_url"];
    private static readonly string[] ClusterKeys = ["name", "endpoints", "discover", "metrics_url", "tls", "auth", "probe"];
    private static readonly string[] TlsKeys = ["ca_file", "cert_file", "key_file", "server_name", "insecure_skip_verify"];
    private static readonly string[] AuthKeys = ["username", "password", "password_file"];
    private static readonly string[] ProbeKeys = ["interval", "timeout", "key_prefix", "write", "watch", "hash_check_interval"];

    /// <summary>Empty when the file names no cluster or, with findings, cannot be read as YAML.</summary>
    public static IReadOnlyList<ClusterDraft> Read(string text, string file, Findings findings)
    {
        var root = YamlSection.Open(Parse(text, file, findings), "", file, RootKeys, findings);
        return root?.List("clusters") is { } clusters ? [.. clusters.Select(item => Cluster(item.Node, item.Origin, file, findings)).OfType<ClusterDraft>()] : [];
    }

    private static YamlNode? Parse(string text, string file, Findings findings)
    {
        var stream = new YamlStream();
        var events = new DuplicateKeyFilter(
            new Parser(new StringReader(text)),
            key => findings.Refuse(new Origin(key.Value, file, key.Start.Line).Error(null, "the key is written twice")));
        try
        {
            stream.Load(events);
        }
        catch (YamlException exception)
        {
            // The start is where the enclosing block begins; for a tab in the indentation YamlDotNet knows no place at all and says 1:1.
            var tab = exception.End.Index == 0 ? LineIndentedByTab(text) : null;
            findings.Refuse(new ConfigurationError("syntax", null, exception.Message)
            {
                File = file,
                Line = tab ?? exception.End.Line,
                Column = tab is null ? exception.End.Column : 1,
            });
            return null;
        }
        catch (Exception exception)
        {
            // The reader has defects of its own (fuzzing found an InvalidOperationException of its scanner), and a text that it cannot read is
            // a bad text, not a reason to crash.
            findings.Refuse(new ConfigurationError("syntax", null, $"the text cannot be read as YAML: {exception.Message}")
            {
                File = file,
                Line = events.Current?.End.Line,
            });
            return null;
        }

        if (stream.Documents.Count > 1)
        {
            var second = new Origin("(file)", file, stream.Documents[1].RootNode.Start.Line);
            findings.Refuse(second.Error(null, "a second YAML document starts here; the configuration is a single one"));
        }

        return stream.Documents.Count == 0 ? null : stream.Documents[0].RootNode;
    }

    private static long? LineIndentedByTab(string text)
    {
        var index = Array.FindIndex(text.Split('\n'), line => line.TakeWhile(char.IsWhiteSpace).Contains('\t'));
        return index < 0 ? null : index + 1;
    }

    private static ClusterDraft? Cluster(YamlNode node, Origin origin, string file, Findings findings)
    {
        var cluster = YamlSection.Open(node, origin.Key, file, ClusterKeys, findings);
        if (cluster is null)
        {
            if (node is YamlScalarNode)
            {
                findings.Refuse(origin.Error(null, $"expected a mapping with the keys {string.Join(", ", ClusterKeys)}, found a single value"));
            }

            return null;
        }

        var tls = cluster.Section("tls", TlsKeys);
        var auth = cluster.Section("auth", AuthKeys);
        var probe = cluster.Section("probe", ProbeKeys);
        var metricsUrls = new Dictionary<string, Setting<string>>(StringComparer.Ordinal);
        var draft = new ClusterDraft(cluster.Origin)
        {
            Name = NotBlank(cluster.Text("name"), findings),
            Endpoints = Endpoints(cluster, file, metricsUrls, findings),
            EndpointMetricsUrls = metricsUrls,
            MetricsUrl = MetricsUrl(cluster.Text("metrics_url"), needsHost: true, findings),
            Discover = findings.Read<bool>(cluster.Text("discover"), SettingText.YamlBool),
            CaFile = FilePath(tls?.Text("ca_file"), file, findings),
            CertFile = FilePath(tls?.Text("cert_file"), file, findings),
            KeyFile = FilePath(tls?.Text("key_file"), file, findings),
            ServerName = NotBlank(tls?.Text("server_name"), findings),
            InsecureSkipVerify = findings.Read<bool>(tls?.Text("insecure_skip_verify"), SettingText.YamlBool),
            Username = NotBlank(auth?.Text("username"), findings),
            Password = auth?.Text("password") is { } password ? NotBlank(password with { Text = null }, findings) : null,
            PasswordFile = FilePath(auth?.Text("password_file"), file, findings),
            Interval = findings.Read<TimeSpan>(probe?.Text("interval"), SettingText.Duration),
            Timeout = findings.Read<TimeSpan>(probe?.Text("timeout"), SettingText.Duration),
            KeyPrefix = probe?.Text("key_prefix"),
            Write = findings.Read<WriteMode>(probe?.Text("write"), SettingText.Write),
            Watch = findings.Read<bool>(probe?.Text("watch"), SettingText.YamlBool),
            HashCheckInterval = findings.Read<TimeSpan>(probe?.Text("hash_check_interval"), SettingText.Duration),
        };
        if (draft is { Password: not null, PasswordFile: not null })
        {
            findings.Refuse(draft.PasswordFile.Error("set password or password_file, not both"));
        }

        return draft;
    }

    // A list that was refused is still a list that was given: it must not be reported as missing, too.
    private static List<Setting<string>>? Endpoints(
        YamlSection cluster, string file, Dictionary<string, Setting<string>> metricsUrls, Findings findings)
    {
        if (cluster.List("endpoints") is not { } items)
        {
            return cluster.Has("endpoints") ? [] : null;
        }

        List<Setting<string>> written = [.. items.Select(item => Endpoint(item.Node, item.Origin)).OfType<Setting<string>>()];
        EndpointList.AreAddresses(written, findings);
        return written;

        // An address, or a mapping with one when there is more to say of it.
        Setting<string>? Endpoint(YamlNode node, Origin origin)
        {
            if (node is not YamlMappingNode)
            {
                return YamlSection.Scalar(node, origin, findings);
            }

            var section = YamlSection.Open(node, origin.Key, file, EndpointKeys, findings);
            var url = section?.Text("url");
            if (url is null)
            {
                findings.Refuse(origin.Error(null, "an endpoint that is a mapping needs url"));
            }
            else if (MetricsUrl(section!.Text("metrics_url"), needsHost: false, findings) is { } metricsUrl)
            {
                metricsUrls[url.Value] = metricsUrl;
            }

            return url;
        }
    }

    private static Setting<string>? MetricsUrl(Setting<string>? written, bool needsHost, Findings findings)
    {
        if (written is not null && !MetricsUrlTemplate.TryParse(written.Value, needsHost, out _, out var error))
        {
            findings.Refuse((written.Value.Contains('@') ? written with { Text = null } : written).Error(error));
            return null;
        }

        return written;
    }

    private static Setting<string>? NotBlank(Setting<string>? written, Findings findings)
    {
        if (written is null || !string.IsNullOrWhiteSpace(written.Value))
        {
            return written;
        }

        findings.Refuse(written.Error("the value is empty"));
        return null;
    }

    // As Prometheus does it: relative to the file that names them, so that the file means the same from everywhere.
    private static Setting<string>? FilePath(Setting<string>? written, string file, Findings findings) =>
        NotBlank(written, findings) is { } path
            ? path with { Value = Path.GetFullPath(path.Value, Path.GetDirectoryName(Path.GetFullPath(file)) ?? "/") }
            : null;
}
