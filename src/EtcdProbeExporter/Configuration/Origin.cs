namespace EtcdProbeExporter.Configuration;

/// <summary>Where a setting was written, in the words of whoever wrote it.</summary>
internal sealed record Origin(string Key, string? File = null, long? Line = null)
{
    public ConfigurationError Error(string? value, string message) => new(Key, value, message) { File = File, Line = Line };
}
