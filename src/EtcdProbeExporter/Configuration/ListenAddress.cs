using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace EtcdProbeExporter.Configuration;

/// <summary>Where HTTP is served.</summary>
/// <param name="Address">Null: every address of the host, IPv4 and IPv6.</param>
/// <param name="Port">0 lets the system choose.</param>
internal sealed record ListenAddress(IPAddress? Address, int Port)
{
    /// <summary>Reads <c>:10379</c>, <c>127.0.0.1:10379</c>, <c>[::1]:10379</c> or <c>localhost:10379</c> (IPv4).</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out ListenAddress? listen, [NotNullWhen(false)] out string? error)
    {
        listen = null;
        error = null;
        var colon = text.LastIndexOf(':');
        if (colon < 0 || !int.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port > 65535)
        {
            error = "write it as :10379, 127.0.0.1:10379 or [::1]:10379";
            return false;
        }

        var host = text[..colon];
        if (host.Length == 0)
        {
            listen = new ListenAddress(null, port);
        }
        else if (host == "localhost")
        {
            listen = new ListenAddress(IPAddress.Loopback, port);
        }
        else if (host is ['[', .. var v6, ']'] && HostName.TryNormalizeIpv6(v6, out var canonical))
        {
            listen = new ListenAddress(IPAddress.Parse(canonical), port);
        }
        else if (!host.Contains(':') && IPAddress.TryParse(host, out var v4) && v4.ToString() == host)
        {
            listen = new ListenAddress(v4, port);
        }
        else
        {
            error = "listen on an IP address, not a name: :10379, 127.0.0.1:10379 or [::1]:10379";
        }

        return listen is not null && error is null;
    }
}
