using System.Text;
using System.Text.Json;
using EtcdProbeExporter.Logging;

namespace EtcdProbeExporter.Tests.Fuzzing;

/// <summary>What a peer says stays one value of one line, in both formats.</summary>
public sealed class LogFuzzTests
{
    private const string Special = "\"\\=\n\r\t\0 \u0085\u2028\u2029\x7f";

    [Fact]
    public void Any_value_comes_back_from_logfmt() => Fuzz.Run(60_000, random =>
    {
        var value = random.Text(30, Special);

        var line = LogfmtLine.Format("t", [new("a", value), new("b", "end")]);

        if (line.AsSpan().IndexOfAny("\n\r\u2028\u2029") >= 0 || !line.StartsWith("ts=t a=", StringComparison.Ordinal) || !line.EndsWith(" b=end", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"not one line: {line}");
        }

        var found = Unquoted(line["ts=t a=".Length..^" b=end".Length]);
        if (found != value)
        {
            throw new InvalidOperationException($"{value} came back as {found}");
        }
    });

    [Fact]
    public void Any_value_comes_back_from_json_and_half_characters_break_nothing() => Fuzz.Run(60_000, random =>
    {
        var value = random.Text(30, Special) + (random.Next(20) == 0 ? "\ud800" : "");

        var line = JsonLine.Format("t", [new("a", value), new("b", "end")]);

        using var json = JsonDocument.Parse(line);
        var found = json.RootElement.GetProperty("a").GetString();
        if (line.Contains('\n') || found != (value.EndsWith('\ud800') ? value[..^1] + '\ufffd' : value))
        {
            throw new InvalidOperationException($"{value} came back as {found}");
        }
    });

    // As go-logfmt/logfmt reads it: a JSON string without the quotes where there is nothing to quote.
    private static string Unquoted(string written)
    {
        if (!written.StartsWith('"'))
        {
            return written.Contains(' ') || written.Contains('=') || written.Contains('"') ? throw new FormatException(written) : written;
        }

        var text = new StringBuilder();
        for (var i = 1; i < written.Length - 1; i++)
        {
            if (written[i] == '"')
            {
                throw new FormatException($"the value ends early: {written}");
            }

            if (written[i] != '\\')
            {
                text.Append(written[i]);
                continue;
            }

            i++;
            text.Append(written[i] switch
            {
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'u' => (char)Convert.ToUInt16(written[(i + 1)..(i + 5)], 16),
                var c and ('"' or '\\') => c,
                var c => throw new FormatException($"escaped {c}"),
            });
            i += written[i] == 'u' ? 4 : 0;
        }

        return text.ToString();
    }
}
