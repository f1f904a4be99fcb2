namespace EtcdProbeExporter.Grpc;

/// <summary>The steps of opening a connection, in order. A numeric address has no <see cref="Dns"/>, plain text no <see cref="Tls"/>.</summary>
internal enum ConnectPhase
{
    Dns,
    Connect,
    Tls,
}
