using System.Globalization;
using System.Text;

namespace EtcdProbeExporter.Configuration;

/// <summary>Double quotes with escapes that YAML, JSON and a person read alike; a value never breaks its line.</summary>
internal static class QuotedText
{
    public static string Of(string value)
    {
        var text = new StringBuilder(value.Length + 2).Append('"');
        foreach (var c in value)
        {
            _ = c switch
            {
                '"' or '\\' => text.Append('\\').Append(c),
                '\n' => text.Append("\\n"),
                '\t' => text.Append("\\t"),
                // U+0085, U+2028 and U+2029 are line breaks to YAML.
                _ when char.IsControl(c) || c is '\u2028' or '\u2029' => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => text.Append(c),
            };
        }

        return text.Append('"').ToString();
    }

    /// <summary>As a YAML scalar: plain only where no YAML reader could see anything but a string.</summary>
    public static string WhereNeeded(string value) =>
        (char.IsAsciiLetter(value[0]) || value[0] == '/')
        && value is not ("null" or "true" or "false" or "yes" or "no")
        && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '-' or '_' or ':')
        && !value.EndsWith(':')
            ? value
            : Of(value);
}
