using System.Text;
using System.Text.Json;

namespace EtcdProbeExporter.Logging;

/// <summary>
/// The keys and values of one line in the order in which they are written. Template holes become snake_case keys; one that would
/// repeat an earlier
/// key is written once.
/// </summary>
internal static class LogEntryFields
{
    private const string OriginalFormat = "{OriginalFormat}";

    /// <summary>
    /// An exception is its types and messages; the stack is added only when asked for, since it fills screens and says little to
    /// operators.
    /// </summary>
    public static List<KeyValuePair<string, object?>> Of(
        LogLevel level, string category, string message, object? state, Exception? exception, bool includeStack)
    {
        List<KeyValuePair<string, object?>> fields =
        [
            new("level", Name(level)), new("msg", message), new("logger", category[(category.LastIndexOf('.') + 1)..]),
        ];
        foreach (var (hole, value) in state as IEnumerable<KeyValuePair<string, object?>> ?? [])
        {
            if (hole == OriginalFormat)
            {
                continue;
            }

            var key = Key(hole);
            if (key is not ("ts" or "err" or "stack") && !fields.Exists(field => field.Key == key))
            {
                fields.Add(new(key, value));
            }
        }

        if (exception is not null)
        {
            fields.Add(new("err", Describe(exception)));
            if (includeStack && exception.StackTrace is { } stack)
            {
                fields.Add(new("stack", new LogStack(stack)));
            }
        }

        return fields;
    }

    private static string Describe(Exception exception)
    {
        var text = new StringBuilder();
        for (Exception? current = exception; current is not null; current = current.InnerException)
        {
            text.Append(text.Length == 0 ? "" : ": ").Append(current.GetType().Name).Append(": ").Append(current.Message);
        }

        return text.ToString();
    }

    // A key of logfmt ends at a space, "=" or a quote.
    private static string Key(string hole)
    {
        var name = JsonNamingPolicy.SnakeCaseLower.ConvertName(hole);
        return name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-')
            ? name
            : string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_')) is { Length: > 0 } cleaned ? cleaned : "_";
    }

    private static string Name(LogLevel level) => level switch
    {
        LogLevel.Trace or LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        _ => "error",
    };
}

/// <summary>A stack trace, which may be longer than other values.</summary>
internal readonly record struct LogStack(string Text);
