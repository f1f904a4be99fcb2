namespace EtcdProbeExporter.Configuration;

/// <summary>What is logged, and how a line looks.</summary>
internal sealed record LogConfiguration
{
    public LogLevel Level { get; init; } = LogSettings.Level.Default;

    public LogFormat Format { get; init; } = LogSettings.Format.Default;
}

internal enum LogFormat
{
    Logfmt,
    Json,
}

internal static class LogSettings
{
    public static readonly SettingRows Rows = new();

    public static readonly ExporterSetting<LogLevel> Level = Rows.Add(new ExporterSetting<LogLevel>
    {
        Flag = "--log.level",
        Form = ValueForms.OneOf(
            "level", [("debug", LogLevel.Debug), ("info", LogLevel.Information), ("warn", LogLevel.Warning), ("error", LogLevel.Error)]),
        Default = LogLevel.Information,
        Help = "debug, info, warn or error",
        Get = exporter => exporter.Log.Level,
        Set = (exporter, level) => exporter with { Log = exporter.Log with { Level = level } },
    });

    public static readonly ExporterSetting<LogFormat> Format = Rows.Add(new ExporterSetting<LogFormat>
    {
        Flag = "--log.format",
        Form = ValueForms.OneOf("format", [("logfmt", LogFormat.Logfmt), ("json", LogFormat.Json)]),
        Default = LogFormat.Logfmt,
        Help = "logfmt or json",
        Get = exporter => exporter.Log.Format,
        Set = (exporter, format) => exporter with { Log = exporter.Log with { Format = format } },
    });
}
