using System.Text;

namespace EtcdProbeExporter.Configuration;

/// <summary>
/// The configuration as it acts, as a YAML file that loads again; passwords are replaced, flags that have no place in the file
/// are comments.
/// </summary>
internal static class EffectiveConfiguration
{
    public const string Secret = "<secret>";

    public static string Print(ExporterConfiguration configuration)
    {
        var text = new StringBuilder();
        var (web, log) = (configuration.Web, configuration.Log);
        Line(text, 0, $"# --web.listen-address={web.ListenAddress}");
        Line(text, 0, $"# --web.telemetry-path={web.TelemetryPath}");
        if (web.ExternalUrl is { } external)
        {
            Line(text, 0, $"# --web.external-url={external}");
        }

        Line(text, 0, $"# --web.enable-lifecycle={Bool(web.EnableLifecycle)}");
        Line(text, 0, $"# --log.level={SettingText.Of(log.Level)}");
        Line(text, 0, $"# --log.format={(log.Format == LogFormat.Json ? "json" : "logfmt")}");
        Line(text, 0, "clusters:");
        foreach (var cluster in configuration.Clusters)
        {
            Print(text, cluster);
        }

        return text.ToString();
    }

    private static void Print(StringBuilder text, ClusterConfiguration cluster)
    {
        Line(text, 1, $"- name: {Scalar(cluster.Name)}");
        Line(text, 2, "endpoints:");
        foreach (var endpoint in cluster.Endpoints)
        {
            Line(text, 3, endpoint.MetricsUrl is { } metrics
                ? $"- {{ url: {QuotedText.Of(endpoint.ToString())}, metrics_url: {QuotedText.Of(metrics.ToString())} }}"
                : $"- {Scalar(endpoint.ToString())}");
        }

        Line(text, 2, $"discover: {Bool(cluster.Discover)}");
        if (cluster.MetricsUrl is { } template)
        {
            Line(text, 2, $"metrics_url: {QuotedText.Of(template)}");
        }

        Line(text, 2, "tls:");
        Optional(text, "ca_file", cluster.Tls.CaFile);
        Optional(text, "cert_file", cluster.Tls.CertFile);
        Optional(text, "key_file", cluster.Tls.KeyFile);
        Optional(text, "server_name", cluster.Tls.ServerName);
        Line(text, 3, $"insecure_skip_verify: {Bool(cluster.Tls.InsecureSkipVerify)}");
        if (cluster.Auth is { } auth)
        {
            Line(text, 2, "auth:");
            Optional(text, "username", auth.Username);
            Optional(text, "password", auth.Password is null ? null : Secret);
            Optional(text, "password_file", auth.PasswordFile);
        }

        var probe = cluster.Probe;
        Line(text, 2, "probe:");
        Line(text, 3, $"interval: {PrometheusDuration.Format(probe.Interval)}");
        Line(text, 3, $"timeout: {PrometheusDuration.Format(probe.Timeout)}");
        Line(text, 3, $"key_prefix: {Scalar(probe.KeyPrefix)}");
        Line(text, 3, $"write: {SettingText.Of(probe.Write)}");
        Line(text, 3, $"watch: {Bool(probe.Watch)}");
        Line(text, 3, $"hash_check_interval: {PrometheusDuration.Format(probe.HashCheckInterval)}");
    }

    private static void Optional(StringBuilder text, string key, string? value)
    {
        if (value is not null)
        {
            Line(text, 3, $"{key}: {Scalar(value)}");
        }
    }

    private static void Line(StringBuilder text, int depth, string line) => text.Append(' ', depth * 2).Append(line).Append('\n');

    private static string Bool(bool value) => value ? "true" : "false";

    // Plain only where no YAML reader could see anything but a string.
    private static string Scalar(string value) =>
        (char.IsAsciiLetter(value[0]) || value[0] == '/')
        && value is not ("null" or "true" or "false" or "yes" or "no")
        && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '-' or '_' or ':')
        && !value.EndsWith(':')
            ? value
            : QuotedText.Of(value);
}
