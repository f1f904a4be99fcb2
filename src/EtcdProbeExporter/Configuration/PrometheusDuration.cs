using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace EtcdProbeExporter.Configuration;

/// <summary>Durations as Prometheus writes them; follows ParseDuration and Duration.String of prometheus/common/model/time.go.</summary>
internal static class PrometheusDuration
{
    // Largest first: units must appear in this order, each at most once. "m" is also the start of "ms", so the whole unit is read
    // before it is compared.
    private static readonly (string Unit, long Milliseconds)[] Units =
    [
        ("y", 365L * 24 * 3600 * 1000), ("w", 7L * 24 * 3600 * 1000), ("d", 24L * 3600 * 1000),
        ("h", 3600 * 1000), ("m", 60 * 1000), ("s", 1000), ("ms", 1),
    ];

    // Prometheus keeps a duration in an int64 of nanoseconds.
    private const long LargestMilliseconds = long.MaxValue / 1_000_000;

    public static bool TryParse(string text, out TimeSpan duration, [NotNullWhen(false)] out string? error)
    {
        duration = TimeSpan.Zero;
        error = null;
        if (text == "0")
        {
            return true;
        }

        if (text.Length > 0 && text.All(char.IsAsciiDigit))
        {
            error = $"a duration needs a unit: {text}s or {text}ms";
            return false;
        }

        long total = 0;
        var position = 0;
        var nextUnit = 0;
        while (position < text.Length)
        {
            var digits = Run(text, position, char.IsAsciiDigit);
            var letters = Run(text, position + digits.Length, char.IsAsciiLetter);
            var unit = Array.FindIndex(Units, nextUnit, candidate => letters.SequenceEqual(candidate.Unit));
            if (digits.Length == 0 || unit < 0)
            {
                error = "not a duration; write it as 500ms, 5s or 1m30s";
                return false;
            }

            if (!long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                || count > (LargestMilliseconds - total) / Units[unit].Milliseconds)
            {
                error = "the duration is too long";
                return false;
            }

            total += count * Units[unit].Milliseconds;
            position += digits.Length + letters.Length;
            nextUnit = unit + 1;
        }

        if (position == 0)
        {
            error = "not a duration; write it as 500ms, 5s or 1m30s";
            return false;
        }

        duration = TimeSpan.FromMilliseconds(total);
        return true;
    }

    /// <summary>Whole milliseconds only; what is below is cut off.</summary>
    public static string Format(TimeSpan duration)
    {
        var rest = (long)duration.TotalMilliseconds;
        var text = new StringBuilder();
        foreach (var (unit, milliseconds) in Units)
        {
            // Years and weeks are written only when nothing remains, so that 8d does not become 1w1d.
            if (rest < milliseconds || (unit is "y" or "w" && rest % milliseconds != 0))
            {
                continue;
            }

            text.Append(CultureInfo.InvariantCulture, $"{rest / milliseconds}{unit}");
            rest %= milliseconds;
        }

        return text.Length == 0 ? "0s" : text.ToString();
    }

    private static string Run(string text, int start, Func<char, bool> belongs) =>
        string.Concat(text.Skip(start).TakeWhile(belongs));
}
