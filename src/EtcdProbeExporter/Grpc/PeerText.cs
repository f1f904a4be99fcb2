namespace EtcdProbeExporter.Grpc;

/// <summary>
/// Text that a peer chose. It ends up in labels, log lines and pages, so it is bounded and one line of plain characters from where it enters:
/// etcd keeps these bounds by far; whoever answers in its place need not, and one label of a megabyte makes Prometheus drop the whole scrape.
/// </summary>
internal static class PeerText
{
    /// <summary>A line for people.</summary>
    public const int MaxLength = 300;

    /// <summary>A name or a version. A name is mostly a host name, at most 63 characters in its first label.</summary>
    public const int LongestName = 128;

    /// <summary>A URL: scheme, a host name of 253 characters, a port. A longer one is left out, since a part of it would be another address.</summary>
    public const int LongestUrl = 300;

    private const char Cut = '…';

    /// <summary>
    /// The longest percent-encoded text that can stand for <see cref="MaxLength"/> characters: UTF-8 has at most three bytes for one UTF-16 unit,
    /// and a byte takes three characters. One character more, so that it is seen that something was left off.
    /// </summary>
    private const int MaxEncodedLength = (MaxLength + 1) * 9;

    /// <summary>
    /// Control characters, line separators and halves of characters become a blank; what is over the length is cut off, with an ellipsis that
    /// is within the length.
    /// </summary>
    public static string Clean(string text, int longest = MaxLength)
    {
        var end = longest - 1;
        var clean = text.Length <= longest ? text : text[..(char.IsHighSurrogate(text[end - 1]) ? end - 1 : end)] + Cut;
        for (var i = 0; i < clean.Length; i++)
        {
            if (IsUnfit(clean, i))
            {
                return string.Create(clean.Length, clean, static (target, source) =>
                {
                    for (var j = 0; j < target.Length; j++)
                    {
                        target[j] = IsUnfit(source, j) ? ' ' : source[j];
                    }
                });
            }
        }

        return clean;
    }

    /// <summary>
    /// Decodes percent-encoded UTF-8 as far as it is kept. A bad escape stays readable rather than be dropped (PROTOCOL-HTTP2.md,
    /// "Status-Message").
    /// </summary>
    public static string Decode(string encoded) =>
        Uri.UnescapeDataString(encoded.Length <= MaxEncodedLength ? encoded : encoded[..MaxEncodedLength]);

    /// <summary>The first line of bytes that should have been something else, as ASCII.</summary>
    public static string Quote(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOfAny((byte)'\r', (byte)'\n');
        var line = end < 0 ? bytes : bytes[..end];
        return string.Create(line.Length, line, static (target, source) =>
        {
            for (var i = 0; i < target.Length; i++)
            {
                target[i] = source[i] is >= 0x20 and < 0x7F and not (byte)'"' ? (char)source[i] : '.';
            }
        });
    }

    private static bool IsUnfit(string text, int i)
    {
        var c = text[i];
        return char.IsControl(c) || c is '\u2028' or '\u2029'
            || (char.IsHighSurrogate(c) && (i + 1 == text.Length || !char.IsLowSurrogate(text[i + 1])))
            || (char.IsLowSurrogate(c) && (i == 0 || !char.IsHighSurrogate(text[i - 1])));
    }
}
