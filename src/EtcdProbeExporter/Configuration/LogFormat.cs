namespace EtcdProbeExporter.Configuration;

internal enum LogFormat
{
    Logfmt,
    Json,
}
