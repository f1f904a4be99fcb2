using System.Collections;
using System.Globalization;

namespace EtcdProbeExporter.Logging;

/// <summary>
/// How a value is written: the same text everywhere, whatever the culture, and never longer than a log can bear. Values may come from peers.
/// </summary>
internal static class LogValue
{
    public const int Longest = 1000;

    /// <summary>A stack is our own and says where to look, at its far end, too.</summary>
    public const int LongestStack = 16_000;

    public static string Text(object? value) => value is LogStack stack ? Cut(stack.Text, LongestStack) : Cut(Whole(value), Longest);

    private static string Cut(string text, int longest)
    {
        if (text.Length <= longest)
        {
            return text;
        }

        var end = char.IsHighSurrogate(text[longest - 1]) ? longest - 1 : longest;
        return string.Create(CultureInfo.InvariantCulture, $"{text.AsSpan(0, end)}…({text.Length - end} more)");
    }

    private static string Whole(object? value) => value switch
    {
        null => "null",
        string text => text,
        bool flag => flag ? "true" : "false",
        TimeSpan duration => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds:0.######}s"),
        DateTimeOffset time => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        IEnumerable items => string.Join(',', items.Cast<object?>().Select(Whole)),
        _ => value.ToString() ?? "null",
    };
}
