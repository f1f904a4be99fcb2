namespace EtcdProbeExporter.Grpc;

/// <summary>
/// Thrown from the connect callback only. HttpClient wraps what a callback throws; finding our own type in the chain is surer than
/// <see cref="HttpRequestError"/>, which calls a failed handshake with a plain-text port "ConnectionError".
/// </summary>
internal sealed class ConnectFailedException(ConnectPhase phase, bool timedOut, string message, Exception inner)
    : IOException(message, inner)
{
    public ConnectPhase Phase { get; } = phase;

    public bool TimedOut { get; } = timedOut;

    /// <summary>What the failure is, where the phase would mislead.</summary>
    public GrpcFailure? Known { get; init; }
}
