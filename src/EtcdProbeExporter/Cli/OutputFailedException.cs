namespace EtcdProbeExporter.Cli;

/// <summary>What was asked for could not be printed.</summary>
internal sealed class OutputFailedException(string message, Exception inner) : IOException(message, inner);
