using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace EtcdProbeExporter.Web;

/// <summary>What a request says of where it goes to and where it comes from, checked before anything is built on it.</summary>
internal static class RequestOrigin
{
    private const int LongestHost = 255;

    /// <summary>
    /// Whether a Host header is <c>host</c> or <c>host:port</c> (RFC 9110, section 7.2; RFC 3986, section 3.2.2: a registered name, an IPv4
    /// address, or an IPv6 address in brackets; never empty, RFC 9110, section 4.2.1).
    /// </summary>
    public static bool IsHost(string text)
    {
        if (text.Length is 0 or > LongestHost)
        {
            return false;
        }

        var end = text[0] == '[' ? text.IndexOf(']', StringComparison.Ordinal) + 1 : text.IndexOf(':', StringComparison.Ordinal);
        var (host, port) = end < 0 ? (text, "") : (text[..end], text[end..]);
        return (host is ['[', .. var v6, ']'] ? IsIpv6(v6) : IsRegisteredName(host)) && (port.Length == 0 || IsPort(port));
    }

    /// <summary>
    /// Whether a browser sends this on behalf of somebody else's page. Whoever is no browser sends neither header. The host may be the one of
    /// this request or, behind a proxy that rewrites it, the one under which the exporter is reached.
    /// </summary>
    public static bool IsForeign(HttpRequest request, Uri? externalUrl)
    {
        // https://www.w3.org/TR/fetch-metadata/: "none" is a person who typed the address.
        if (request.Headers["Sec-Fetch-Site"].ToString() is not ("" or "same-origin" or "none"))
        {
            return true;
        }

        var origin = request.Headers.Origin.ToString();
        return origin.Length > 0
            && !(Uri.TryCreate(origin, UriKind.Absolute, out var from)
                && (Same(from.Authority, request.Host.Value) || Same(from.Authority, externalUrl?.Authority)));
    }

    private static bool Same(string authority, string? host) => authority.Length > 0 && authority.Equals(host, StringComparison.OrdinalIgnoreCase);

    private static bool IsIpv6(string text) =>
        !text.Contains('%') && IPAddress.TryParse(text, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6;

    // Digits looked at one by one: .NET's parsers take zero characters after a number for its end.
    private static bool IsPort(string text) =>
        text is [':', .. { Length: > 0 and <= 5 } digits] && digits.All(char.IsAsciiDigit)
        && ushort.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0;

    // unreserved / pct-encoded / sub-delims
    private static bool IsRegisteredName(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '%')
            {
                if (i + 2 >= text.Length || !char.IsAsciiHexDigit(text[i + 1]) || !char.IsAsciiHexDigit(text[i + 2]))
                {
                    return false;
                }

                i += 2;
            }
            else if (!char.IsAsciiLetterOrDigit(text[i]) && !"-._~!$&'()*+,;=".Contains(text[i], StringComparison.Ordinal))
            {
                return false;
            }
        }

        return text.Length > 0;
    }
}
