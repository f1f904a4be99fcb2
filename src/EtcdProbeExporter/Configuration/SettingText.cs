namespace EtcdProbeExporter.Configuration;

/// <summary>How single values are written in flags, variables and the file.</summary>
internal static class SettingText
{
    /// <summary>The spellings of Go's strconv.ParseBool, which etcdctl accepts.</summary>
    public static bool GoBool(string text, out bool value, out string? error)
    {
        value = text is "1" or "t" or "T" or "true" or "TRUE" or "True";
        error = value || text is "0" or "f" or "F" or "false" or "FALSE" or "False" ? null : "expected true or false";
        return error is null;
    }

    /// <summary>The spellings of YAML 1.2.</summary>
    public static bool YamlBool(string text, out bool value, out string? error)
    {
        value = text is "true" or "True" or "TRUE";
        error = value || text is "false" or "False" or "FALSE" ? null : "expected true or false";
        return error is null;
    }

    public static bool Duration(string text, out TimeSpan value, out string? error) => PrometheusDuration.TryParse(text, out value, out error);

    public static bool Write(string text, out WriteMode value, out string? error) =>
        OneOf(text, [("put", WriteMode.Put), ("commit", WriteMode.Commit), ("none", WriteMode.None)], out value, out error);

    public static string Of(WriteMode mode) => mode switch { WriteMode.Commit => "commit", WriteMode.None => "none", _ => "put" };

    public static bool Format(string text, out LogFormat value, out string? error) =>
        OneOf(text, [("logfmt", LogFormat.Logfmt), ("json", LogFormat.Json)], out value, out error);

    public static bool Level(string text, out LogLevel value, out string? error) =>
        OneOf(
            text,
            [("debug", LogLevel.Debug), ("info", LogLevel.Information), ("warn", LogLevel.Warning), ("error", LogLevel.Error)],
            out value,
            out error);

    public static string Of(LogLevel level) => level switch
    {
        LogLevel.Trace or LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        _ => "error",
    };

    /// <summary>A path under which nothing else is served.</summary>
    public static bool TelemetryPath(string text, out string value, out string? error)
    {
        value = text;
        error = text switch
        {
            "/" => "the status page is served there",
            "/etcd/metrics" => "already served by the exporter",
            _ when text.StartsWith("/-/", StringComparison.Ordinal) || text.StartsWith("/api/", StringComparison.Ordinal)
                || text.StartsWith("/sd/", StringComparison.Ordinal) => "already served by the exporter",
            _ when !text.StartsWith('/') => "a path starts with \"/\"",
            // Braces and stars would be placeholders of a route.
            _ when !text.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '-' or '_' or '.') => "use letters, digits and / - _ . only",
            _ => null,
        };
        return error is null;
    }

    /// <summary>As Prometheus' --web.external-url, always with scheme and host: both stand in the targets of /sd/etcd.</summary>
    public static bool ExternalUrl(string text, out Uri value, out string? error)
    {
        error = !Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.Host.Length == 0
            ? "expected an http:// or https:// URL, such as https://monitoring.example.com/etcd-probe"
            : url.UserInfo.Length > 0 || url.Query.Length > 0 || url.Fragment.Length > 0
                ? "a URL without user information, query and fragment is expected"
                : null;
        value = url!;
        return error is null;
    }

    private static bool OneOf<T>(string text, (string Name, T Value)[] known, out T value, out string? error)
    {
        var index = Array.FindIndex(known, candidate => candidate.Name == text);
        value = index < 0 ? known[0].Value : known[index].Value;
        error = index < 0 ? $"expected one of {string.Join(", ", known.Select(candidate => candidate.Name))}" : null;
        return index >= 0;
    }
}
