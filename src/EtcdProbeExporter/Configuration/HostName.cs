using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace EtcdProbeExporter.Configuration;

/// <summary>Brings a host into the one form that names, sockets and labels share: lower case, IDN in ASCII, addresses canonical.</summary>
internal static class HostName
{
    private const int LongestName = 253;
    private const int LongestLabel = 63;
    private static readonly IdnMapping Idn = new();

    public static bool TryNormalizeIpv6(string text, [NotNullWhen(true)] out string? host)
    {
        // Zones (fe80::1%eth0) are refused: they have no place in a label or in a certificate.
        host = !text.Contains('%') && IPAddress.TryParse(text, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6
            ? address.ToString()
            : null;
        return host is not null;
    }

    public static bool TryNormalize(string text, [NotNullWhen(true)] out string? host)
    {
        host = null;
        string name;
        try
        {
            // GetAscii is for Unicode alone: it would refuse the underscore of container names.
            name = (text.All(char.IsAscii) ? text : Idn.GetAscii(text.ToLowerInvariant())).ToLowerInvariant();
        }
        catch (ArgumentException)
        {
            return false;
        }

        var labels = name.TrimEnd('.').Split('.');
        if (name.Length > LongestName || name.EndsWith("..", StringComparison.Ordinal) || !labels.All(IsLabel))
        {
            return false;
        }

        // Sockets read 10.1 or 0x7f.1 as IPv4 addresses that nobody meant; a name whose last label is a number must be a full dotted quad.
        if (char.IsAsciiDigit(labels[^1][0]) && (labels[^1].All(char.IsAsciiDigit) || labels[^1].StartsWith("0x", StringComparison.Ordinal)))
        {
            if (labels.Length != 4 || !IPAddress.TryParse(name, out var address) || address.ToString() != name)
            {
                return false;
            }
        }

        host = name;
        return true;
    }

    private static bool IsLabel(string label) =>
        label.Length is > 0 and <= LongestLabel && label.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
