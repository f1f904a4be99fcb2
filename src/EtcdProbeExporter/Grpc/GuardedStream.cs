namespace EtcdProbeExporter.Grpc;

/// <summary>A plain connection behind a <see cref="ConnectionGuard"/>.</summary>
internal sealed class GuardedStream(Stream inner, ConnectionGuard guard) : RelayStream(inner)
{
    private readonly ConnectionGuard.Reading _read = inner.ReadAsync;
    private readonly ConnectionGuard.Writing _write = inner.WriteAsync;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        guard.ReadAsync(_read, buffer, cancellationToken);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        guard.WriteAsync(_write, buffer, cancellationToken);

    protected override void Dispose(bool disposing)
    {
        guard.Closes();
        base.Dispose(disposing);
    }
}
