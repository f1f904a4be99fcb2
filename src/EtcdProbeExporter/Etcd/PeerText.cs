namespace EtcdProbeExporter.Etcd;

/// <summary>
/// Bounds for what a member says. etcd keeps them by far; whoever answers in its place need not, and one label of a megabyte makes
/// Prometheus drop the whole scrape.
/// </summary>
internal static class PeerText
{
    /// <summary>A name or a version. A name is mostly a host name, at most 63 characters in its first label.</summary>
    public const int LongestName = 128;

    /// <summary>A URL: scheme, a host name of 253 characters, a port. A longer one is left out, since a part of it would be another address.</summary>
    public const int LongestUrl = 300;

    /// <summary>A line for people.</summary>
    public const int LongestLine = 300;

    /// <summary>The text, or its beginning with an ellipsis, never longer than <paramref name="longest"/>.</summary>
    public static string Cut(string text, int longest)
    {
        if (text.Length <= longest)
        {
            return text;
        }

        var end = longest - 1;
        return string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[end - 1]) ? end - 1 : end), "…");
    }
}
