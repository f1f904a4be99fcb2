namespace EtcdProbeExporter.Grpc;

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
