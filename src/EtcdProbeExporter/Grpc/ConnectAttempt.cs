namespace EtcdProbeExporter.Grpc;

/// <summary>
/// One attempt to open a connection: how long each phase that happened took, which phase failed, and until when the peer's certificate
/// is valid. Phases that did not happen are null, never zero.
/// </summary>
internal sealed record ConnectAttempt(
    TimeSpan? Dns,
    TimeSpan? Connect,
    TimeSpan? Tls,
    ConnectPhase? FailedPhase,
    DateTimeOffset? PeerCertificateNotAfter);
