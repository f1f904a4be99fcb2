namespace EtcdProbeExporter.Configuration;

/// <summary>The HTTP side, set by flags only.</summary>
internal sealed record WebConfiguration
{
    /// <summary>As written; <see cref="Configuration.ListenAddress.TryParse"/> accepts it.</summary>
    public string ListenAddress { get; init; } = WebSettings.ListenAddress.Default;

    public string TelemetryPath { get; init; } = WebSettings.TelemetryPath.Default;

    /// <summary>Under which address others reach the exporter; null: under the one that they used.</summary>
    public Uri? ExternalUrl { get; init; }

    /// <summary>Whether <c>POST /-/reload</c> is served.</summary>
    public bool EnableLifecycle { get; init; } = WebSettings.EnableLifecycle.Default;
}

internal static class WebSettings
{
    public static readonly SettingRows Rows = new();

    public static readonly ExporterSetting<string> ListenAddress = Rows.Add(new ExporterSetting<string>
    {
        Flag = "--web.listen-address",
        Form = new ValueForm<string>("address", IsListenAddress, address => address),
        Default = ":10379",
        Help = "where to serve HTTP",
        Get = exporter => exporter.Web.ListenAddress,
        Set = (exporter, address) => exporter with { Web = exporter.Web with { ListenAddress = address } },
    });

    public static readonly ExporterSetting<string> TelemetryPath = Rows.Add(new ExporterSetting<string>
    {
        Flag = "--web.telemetry-path",
        Form = new ValueForm<string>("path", IsTelemetryPath, path => path),
        Default = "/metrics",
        Help = "where to serve metrics",
        Get = exporter => exporter.Web.TelemetryPath,
        Set = (exporter, path) => exporter with { Web = exporter.Web with { TelemetryPath = path } },
    });

    public static readonly ExporterSetting<Uri?> ExternalUrl = Rows.Add(new ExporterSetting<Uri?>
    {
        Flag = "--web.external-url",
        Form = new ValueForm<Uri?>("url", IsExternalUrl, url => $"{url}") { MayHoldUserInfo = true },
        Default = null,
        DefaultInWords = "the Host header of the request",
        Help = "under which address others reach the exporter, with a path prefix if a proxy takes one away; "
            + "the targets of /sd/etcd are made from it",
        Get = exporter => exporter.Web.ExternalUrl,
        Set = (exporter, url) => exporter with { Web = exporter.Web with { ExternalUrl = url } },
    });

    public static readonly ExporterSetting<bool> EnableLifecycle = Rows.Add(new ExporterSetting<bool>
    {
        Flag = "--web.enable-lifecycle",
        Form = ValueForms.Switch,
        Default = false,
        Help = "allow POST /-/reload; SIGHUP always works",
        Get = exporter => exporter.Web.EnableLifecycle,
        Set = (exporter, enable) => exporter with { Web = exporter.Web with { EnableLifecycle = enable } },
    });

    public static readonly ExporterSetting<string?> ConfigFile = Rows.Add(new ExporterSetting<string?>
    {
        Flag = "--web.config.file",
        Form = new ValueForm<string?>("file", IsUnsupported, path => $"{path}"),
        Default = null,
        Help = "not supported in this version, refused",
        Get = _ => null,
        Set = (exporter, _) => exporter,
    });

    private static bool IsListenAddress(string text, out string value, out string? error)
    {
        value = text;
        return Configuration.ListenAddress.TryParse(text, out _, out error);
    }

    /// <summary>A path under which nothing else is served.</summary>
    private static bool IsTelemetryPath(string text, out string value, out string? error)
    {
        value = text;
        error = text switch
        {
            "/" => "the status page is served there",
            "/etcd/metrics" => "already served by the exporter",
            _ when text.StartsWith("/-/", StringComparison.Ordinal) || text.StartsWith("/api/", StringComparison.Ordinal)
                || text.StartsWith("/sd/", StringComparison.Ordinal) => "already served by the exporter",
            _ when !text.StartsWith('/') => "a path starts with \"/\"",
            // Braces and stars would be placeholders of a route.
            _ when !text.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '-' or '_' or '.') => "use letters, digits and / - _ . only",
            _ => null,
        };
        return error is null;
    }

    /// <summary>As Prometheus' --web.external-url, always with scheme and host: both stand in the targets of /sd/etcd.</summary>
    private static bool IsExternalUrl(string text, out Uri? value, out string? error)
    {
        error = !Uri.TryCreate(text, UriKind.Absolute, out value) || value.Scheme is not ("http" or "https") || value.Host.Length == 0
            ? "expected an http:// or https:// URL, such as https://monitoring.example.com/etcd-probe"
            : value.UserInfo.Length > 0 || value.Query.Length > 0 || value.Fragment.Length > 0
                ? "a URL without user information, query and fragment is expected"
                : null;
        return error is null;
    }

    private static bool IsUnsupported(string text, out string? value, out string? error)
    {
        (value, error) = (text, "not supported in this version; put a reverse proxy in front for TLS or authentication");
        return false;
    }
}
