using System.Collections;
using System.Globalization;

namespace EtcdProbeExporter.Logging;

/// <summary>How a value is written: the same text everywhere, whatever the culture.</summary>
internal static class LogValue
{
    public static string Text(object? value) => value switch
    {
        null => "null",
        string text => text,
        bool flag => flag ? "true" : "false",
        TimeSpan duration => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds:0.######}s"),
        DateTimeOffset time => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        IEnumerable items => string.Join(',', items.Cast<object?>().Select(Text)),
        _ => value.ToString() ?? "null",
    };
}
