using System.Buffers.Text;
using System.Text;
using EtcdProbeExporter.Configuration;
using Google.Protobuf;

namespace EtcdProbeExporter.Probing.Operations;

/// <summary>
/// The only keys this program writes: one per endpoint and one for the cluster, fixed, under the configured prefix. Several exporters use
/// the same keys, so that their number does not grow the keyspace.
/// </summary>
internal sealed class ProbeKeys
{
    private readonly byte[] _prefix;

    /// <summary>Throws when the prefix may not be written under, although the configuration was checked for that.</summary>
    public ProbeKeys(string prefix)
    {
        if (KeyPrefixRule.Objection(prefix) is { } refusal)
        {
            throw new ArgumentException($"key prefix '{prefix}': {refusal}", nameof(prefix));
        }

        _prefix = Encoding.UTF8.GetBytes(prefix);
        Cluster = ByteString.CopyFromUtf8(prefix + "cluster");
    }

    /// <summary>The key of the cluster probe.</summary>
    public ByteString Cluster { get; }

    public ByteString ForEndpoint(string endpointLabel) =>
        ByteString.CopyFromUtf8(Encoding.UTF8.GetString(_prefix) + "endpoint/" + endpointLabel);

    /// <summary>Checked before every write, so that no defect elsewhere can reach a key that is not ours.</summary>
    public ByteString Checked(ByteString key) =>
        key.Length > _prefix.Length && key.Span.StartsWith(_prefix)
            ? key
            : throw new InvalidOperationException($"refused to write '{key.ToStringUtf8()}': not under the probe prefix");

    /// <summary>
    /// A value of constant size: which exporter wrote, its write number and when (Unix milliseconds). For people who look at the key;
    /// 54 bytes.
    /// </summary>
    public static ByteString Value(uint exporter, long sequence, DateTimeOffset at)
    {
        Span<byte> value = stackalloc byte[54];
        "exporter="u8.CopyTo(value);
        Utf8Formatter.TryFormat(exporter, value[9..17], out _, new('x', 8));
        " seq="u8.CopyTo(value[17..]);
        Utf8Formatter.TryFormat(sequence, value[22..34], out _, new('D', 12));
        " ms="u8.CopyTo(value[34..]);
        Utf8Formatter.TryFormat(at.ToUnixTimeMilliseconds(), value[38..54], out _, new('D', 16));
        return ByteString.CopyFrom(value);
    }
}
