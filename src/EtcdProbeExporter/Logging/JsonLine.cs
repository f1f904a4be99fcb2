using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace EtcdProbeExporter.Logging;

/// <summary>The same keys as logfmt, as one JSON object; numbers and truth values keep their type.</summary>
internal static class JsonLine
{
    // Relaxed: the line goes to a log, never into HTML, and has to stay readable.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Format(string timestamp, IReadOnlyList<KeyValuePair<string, object?>> fields)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("ts"u8, timestamp);
            foreach (var (key, value) in fields)
            {
                json.WritePropertyName(key);
                Write(json, value);
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    private static void Write(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case int or long or short or byte:
                json.WriteNumberValue(Convert.ToInt64(value, null));
                break;
            // JSON has no number for NaN and the infinities.
            case double number when double.IsFinite(number):
                json.WriteNumberValue(number);
                break;
            default:
                json.WriteStringValue(LogValue.Text(value));
                break;
        }
    }
}
