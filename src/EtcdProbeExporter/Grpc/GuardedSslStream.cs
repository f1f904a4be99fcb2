using System.Net.Security;

namespace EtcdProbeExporter.Grpc;

/// <summary>
/// A TLS connection behind a <see cref="ConnectionGuard"/>. It has to be an <see cref="SslStream"/>: over any other stream the HTTP handler agrees on TLS of its own for https, and
/// http would change the <c>:scheme</c>, by which Go's server decides whether a request has a client certificate.
/// </summary>
internal sealed class GuardedSslStream : SslStream
{
    private readonly ConnectionGuard.Reading _read;
    private readonly ConnectionGuard.Writing _write;

    public GuardedSslStream(Stream transport)
        : base(transport)
    {
        _read = base.ReadAsync;
        _write = base.WriteAsync;
    }

    /// <summary>Set when TLS is agreed on and before anybody reads.</summary>
    public ConnectionGuard? Guard { get; set; }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Guard is null ? base.ReadAsync(buffer, cancellationToken) : Guard.ReadAsync(_read, buffer, cancellationToken);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        Guard is null ? base.WriteAsync(buffer, cancellationToken) : Guard.WriteAsync(_write, buffer, cancellationToken);

    protected override void Dispose(bool disposing)
    {
        Guard?.Closes();
        base.Dispose(disposing);
    }
}
