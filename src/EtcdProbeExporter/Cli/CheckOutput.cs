namespace EtcdProbeExporter.Cli;

/// <summary>How <c>check</c> reports.</summary>
internal enum CheckOutput
{
    Table,
    Json,
}
