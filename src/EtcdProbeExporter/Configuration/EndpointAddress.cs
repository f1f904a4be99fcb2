using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace EtcdProbeExporter.Configuration;

/// <summary>One etcd client address in its canonical form.</summary>
/// <param name="Scheme"><c>http</c> or <c>https</c>.</param>
/// <param name="Host">Lower case; an IPv6 address without brackets.</param>
/// <param name="Port">1 to 65535.</param>
internal sealed record EndpointAddress(string Scheme, string Host, int Port)
{
    public const int DefaultPort = 2379;

    /// <summary>Where this member's own metrics are, if the configuration says so for this endpoint.</summary>
    public Uri? MetricsUrl { get; init; }

    /// <summary>Value of the <c>etcd_endpoint</c> label: host:port, IPv6 in brackets.</summary>
    public string Label => string.Create(CultureInfo.InvariantCulture, $"{(Host.Contains(':') ? $"[{Host}]" : Host)}:{Port}");

    public bool IsTls => Scheme == "https";

    public Uri Uri => new($"{Scheme}://{Label}/");

    public override string ToString() => $"{Scheme}://{Label}";

    /// <summary>
    /// Reads <c>host</c>, <c>host:port</c> or an http(s) URL without path. Without a scheme it is http, or https by default when
    /// the cluster
    /// has a certificate option, as in etcdctl. The error never repeats the text, which may hold a password.
    /// </summary>
    public static bool TryParse(
        string text, bool tlsByDefault, [NotNullWhen(true)] out EndpointAddress? address, [NotNullWhen(false)] out string? error)
    {
        address = null;
        var authority = text;
        var scheme = tlsByDefault ? "https" : "http";
        if (text.IndexOf("://", StringComparison.Ordinal) is >= 0 and var end)
        {
            scheme = text[..end].ToLowerInvariant();
            authority = text[(end + 3)..];
            if (scheme is not ("http" or "https"))
            {
                error = "only http:// and https:// endpoints can be probed";
                return false;
            }
        }

        // Other programs print endpoints with a final slash, and it says nothing.
        if (authority.EndsWith('/'))
        {
            authority = authority[..^1];
        }

        error = authority switch
        {
            "" => "the host is missing",
            _ when authority.Contains('@') => "user information does not belong here; use --user or auth",
            _ when authority.IndexOfAny(['/', '?', '#', '\\']) >= 0 => "an endpoint is host:port without path or query",
            _ when authority.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)) => "an endpoint contains no spaces",
            _ => null,
        };
        if (error is null && TrySplit(authority, out var host, out var port, out error))
        {
            address = new EndpointAddress(scheme, host, port);
        }

        return address is not null && error is null;
    }

    private static bool TrySplit(string authority, [NotNullWhen(true)] out string? host, out int port, [NotNullWhen(false)] out string? error)
    {
        host = null;
        port = DefaultPort;
        error = null;
        string? portText = null;
        if (authority[0] == '[')
        {
            var close = authority.IndexOf(']', StringComparison.Ordinal);
            if (close < 0 || !HostName.TryNormalizeIpv6(authority[1..close], out host)
                || (close + 1 < authority.Length && authority[close + 1] != ':'))
            {
                error = "not an IPv6 address in brackets, such as [::1]:2379";
                return false;
            }

            portText = close + 1 < authority.Length ? authority[(close + 2)..] : null;
        }
        else if (authority.Count(c => c == ':') > 1)
        {
            error = "an IPv6 address stands in brackets, such as [::1]:2379";
            return false;
        }
        else
        {
            var colon = authority.IndexOf(':', StringComparison.Ordinal);
            portText = colon < 0 ? null : authority[(colon + 1)..];
            var name = colon < 0 ? authority : authority[..colon];
            if (!HostName.TryNormalize(name, out host))
            {
                error = name.Length == 0 ? "the host is missing" : "not a host name or an IP address";
                return false;
            }
        }

        if (portText is not null
            && (!int.TryParse(portText, NumberStyles.None, CultureInfo.InvariantCulture, out port) || port is < 1 or > 65535))
        {
            error = "the port is a number from 1 to 65535";
            return false;
        }

        return true;
    }
}
