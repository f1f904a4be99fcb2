namespace EtcdProbeExporter.Grpc;

/// <summary>A stream that passes everything on. The HTTP handler and SslStream use the asynchronous members only; the others refuse.</summary>
internal abstract class RelayStream(Stream inner) : Stream
{
    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    protected Stream Inner => inner;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        inner.ReadAsync(buffer, cancellationToken);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        inner.WriteAsync(buffer, cancellationToken);

    public sealed override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public sealed override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public sealed override void Flush() => inner.Flush();

    public sealed override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public sealed override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public sealed override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public sealed override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}

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

/// <summary>Lies under TLS while it is agreed on, and keeps the first bytes that came.</summary>
internal sealed class OpeningStream(Stream inner) : RelayStream(inner)
{
    private readonly byte[] _first = new byte[PeerOpening.Length];
    private int _kept;

    /// <summary>Empty: nothing came at all.</summary>
    public ReadOnlySpan<byte> First => _first.AsSpan(0, _kept);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await Inner.ReadAsync(buffer, cancellationToken);
        if (_kept < _first.Length)
        {
            var kept = Math.Min(read, _first.Length - _kept);
            buffer.Span[..kept].CopyTo(_first.AsSpan(_kept));
            _kept += kept;
        }

        return read;
    }
}
