namespace EtcdProbeExporter.Configuration;

/// <summary>Reads one value; false comes with an error that says what would be right.</summary>
internal delegate bool TextParser<T>(string text, out T value, out string? error);
