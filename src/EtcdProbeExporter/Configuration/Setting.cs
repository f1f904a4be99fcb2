namespace EtcdProbeExporter.Configuration;

/// <summary>
/// A value together with where it came from, so that a check after the merge still names the right place. The text is as written,
/// or null when
/// it must not be repeated.
/// </summary>
internal sealed record Setting<T>(T Value, Origin Origin, string? Text)
{
    public ConfigurationError Error(string message) => Origin.Error(Text, message);
}
