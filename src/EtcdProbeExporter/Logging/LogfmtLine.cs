using System.Globalization;
using System.Text;

namespace EtcdProbeExporter.Logging;

/// <summary>One line of logfmt; quoting as go-logfmt/logfmt does it, which Loki and promtail read.</summary>
internal static class LogfmtLine
{
    public static string Format(string timestamp, IReadOnlyList<KeyValuePair<string, object?>> fields)
    {
        var line = new StringBuilder("ts=").Append(timestamp);
        foreach (var (key, value) in fields)
        {
            line.Append(' ').Append(key).Append('=');
            Append(line, LogValue.Text(value));
        }

        return line.ToString();
    }

    private static void Append(StringBuilder line, string value)
    {
        if (value.Length > 0 && !value.Any(NeedsQuotes))
        {
            line.Append(value);
            return;
        }

        line.Append('"');
        foreach (var c in value)
        {
            _ = c switch
            {
                '"' or '\\' => line.Append('\\').Append(c),
                '\n' => line.Append("\\n"),
                '\r' => line.Append("\\r"),
                '\t' => line.Append("\\t"),
                _ when IsLineNoise(c) => line.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => line.Append(c),
            };
        }

        line.Append('"');
    }

    private static bool NeedsQuotes(char c) => c is ' ' or '=' or '"' || IsLineNoise(c);

    // The two separators break lines in some viewers, which would let a value forge a line of its own.
    private static bool IsLineNoise(char c) => char.IsControl(c) || c is '\u2028' or '\u2029';
}
