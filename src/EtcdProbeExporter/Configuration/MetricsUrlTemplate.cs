using System.Diagnostics.CodeAnalysis;

namespace EtcdProbeExporter.Configuration;

/// <summary>
/// Where the members of a cluster serve their own metrics when that is not the client address: an http(s) URL in which <c>{host}</c> stands
/// for the endpoint's host (etcd's --listen-metrics-urls).
/// </summary>
internal static class MetricsUrlTemplate
{
    public const string Host = "{host}";

    private const string DefaultPath = "/metrics";

    /// <summary>That of a whole cluster.</summary>
    public static readonly ValueForm<string?> Form = new("url", IsTemplate, url => $"{url}") { MayHoldUserInfo = true };

    /// <summary>The setting of the endpoint, or else of the cluster, or else <c>/metrics</c> at the client address.</summary>
    public static Uri Resolve(ClusterConfiguration cluster, EndpointAddress endpoint) =>
        endpoint.MetricsUrl
        ?? (cluster.MetricsUrl is { } template ? Fill(template, endpoint) : new Uri(endpoint.Uri, DefaultPath));

    /// <summary>That of one endpoint. Null, with a finding, when it is no URL.</summary>
    public static Written<string>? Read(Written<string> written, Findings findings)
    {
        if (TryParse(written.Value, needsHost: false, out _, out var error))
        {
            return written;
        }

        findings.Refuse(written.WithoutUserInfo().Error(error));
        return null;
    }

    /// <summary>Null and why, when no host makes it a URL.</summary>
    public static bool TryParse(string text, bool needsHost, [NotNullWhen(true)] out Uri? url, [NotNullWhen(false)] out string? error)
    {
        url = null;
        error = null;
        if (needsHost && !text.Contains(Host, StringComparison.Ordinal))
        {
            error = $"the members of a cluster have different addresses: write {Host} in place of the host, or metrics_url at each endpoint";
        }
        else if (!Uri.TryCreate(text.Replace(Host, "host", StringComparison.Ordinal), UriKind.Absolute, out url) || url.Scheme is not ("http" or "https"))
        {
            error = "expected an http:// or https:// URL, such as http://{host}:2381/metrics";
        }
        else if (url.UserInfo.Length > 0 || url.Fragment.Length > 0)
        {
            error = "a URL without user information and fragment is expected";
        }
        else if (url.AbsolutePath == "/")
        {
            url = new Uri(url, DefaultPath);
        }

        return error is null;
    }

    private static bool IsTemplate(string text, out string? value, out string? error)
    {
        value = text;
        return TryParse(text, needsHost: true, out _, out error);
    }

    private static Uri Fill(string template, EndpointAddress endpoint)
    {
        var host = endpoint.Host.Contains(':') ? $"[{endpoint.Host}]" : endpoint.Host;
        var url = new Uri(template.Replace(Host, host, StringComparison.Ordinal));
        return url.AbsolutePath == "/" ? new Uri(url, DefaultPath) : url;
    }
}
