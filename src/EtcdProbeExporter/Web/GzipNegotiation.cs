using Microsoft.Net.Http.Headers;

namespace EtcdProbeExporter.Web;

/// <summary>Whether a client asks for gzip, by the rules of RFC 9110, section 12.5.3.</summary>
internal static class GzipNegotiation
{
    /// <param name="acceptEncoding">The parsed Accept-Encoding header.</param>
    /// <returns>True when gzip (or <c>*</c>, if gzip is not listed) has a weight above 0 that is not below that of identity.</returns>
    public static bool Accepts(IEnumerable<StringWithQualityHeaderValue> acceptEncoding)
    {
        double? gzip = null;
        double? any = null;
        double? identity = null;
        foreach (var coding in acceptEncoding)
        {
            var quality = coding.Quality ?? 1;
            if (coding.Value.Equals("gzip", StringComparison.OrdinalIgnoreCase))
            {
                gzip = quality;
            }
            else if (coding.Value.Equals("*", StringComparison.Ordinal))
            {
                any = quality;
            }
            else if (coding.Value.Equals("identity", StringComparison.OrdinalIgnoreCase))
            {
                identity = quality;
            }
        }

        var weight = gzip ?? any ?? 0;
        return weight > 0 && weight >= (identity ?? 0);
    }
}
