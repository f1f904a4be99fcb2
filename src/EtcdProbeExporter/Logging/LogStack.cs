namespace EtcdProbeExporter.Logging;

/// <summary>A stack trace, which may be longer than other values.</summary>
internal readonly record struct LogStack(string Text);
