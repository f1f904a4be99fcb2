using System.Buffers.Binary;
using System.Text;

namespace EtcdProbeExporter.Grpc;

/// <summary>
/// Counts the HTTP/2 frames in bytes that pass in pieces of any size (RFC 9113 section 4.1: 24 bits length, type, flags, 31 bits stream).
/// Knows frames, not their meaning: what they mean and whether they are allowed is the HTTP handler's affair.
/// </summary>
internal sealed class Http2FrameMeter
{
    private const int HeaderSize = 9;
    private const int GoAwayBody = 8; // last stream, error code
    private const int UsefulData = 256;
    private const byte Data = 0;
    private const byte GoAway = 7;

    private static readonly string[] Names =
        ["DATA", "HEADERS", "PRIORITY", "RST_STREAM", "SETTINGS", "PUSH_PROMISE", "PING", "GOAWAY", "WINDOW_UPDATE", "CONTINUATION", "of unknown type"];

    private readonly byte[] _header = new byte[HeaderSize + GoAwayBody];
    private readonly long[] _byType = new long[Names.Length];
    private long _goAway = -1; // read by other threads than the reader's
    private int _collected;
    private uint _payloadLeft;

    /// <summary>Frames since the last <see cref="Restart"/>, without DATA frames that carry a useful amount of data.</summary>
    public long Frames { get; private set; }

    /// <summary>Payload of DATA frames since the last <see cref="Restart"/>.</summary>
    public long DataBytes { get; private set; }

    /// <summary>Bytes of anything else.</summary>
    public long OtherBytes { get; private set; }

    public long Bytes => DataBytes + OtherBytes;

    /// <summary>The error code of the last GOAWAY; null when none came.</summary>
    public uint? GoAwayCode => Volatile.Read(ref _goAway) is >= 0 and var code ? (uint)code : null;

    /// <summary>Whether the peer ever reset a stream.</summary>
    public bool AnyReset { get; private set; }

    private byte Type => _header[3];

    private int Wanted => _collected >= HeaderSize && Type == GoAway ? HeaderSize + GoAwayBody : HeaderSize;

    public void Feed(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_collected < Wanted)
            {
                var taken = Math.Min(Wanted - _collected, bytes.Length);
                bytes[..taken].CopyTo(_header.AsSpan(_collected));
                bytes = bytes[taken..];
                Collected(taken);
                continue;
            }

            var passed = (int)Math.Min(_payloadLeft, (uint)bytes.Length);
            bytes = bytes[passed..];
            Pass((uint)passed);
        }
    }

    /// <summary>Begins a new count. What is known of the connection stays.</summary>
    public void Restart()
    {
        Frames = DataBytes = OtherBytes = 0;
        Array.Clear(_byType);
    }

    /// <summary>The counted frames by type, most first.</summary>
    public string Describe()
    {
        var text = new StringBuilder();
        foreach (var (name, count) in Names.Zip(_byType).Where(n => n.Second > 0).OrderByDescending(n => n.Second).Take(3))
        {
            text.Append(text.Length == 0 ? "" : ", ").Append(count).Append(' ').Append(name);
        }

        return text.ToString();
    }

    private void Collected(int taken)
    {
        var before = _collected;
        _collected += taken;
        if (_collected < HeaderSize)
        {
            return;
        }

        if (before < HeaderSize)
        {
            Begin();
        }
        else
        {
            _payloadLeft -= (uint)taken; // of a GOAWAY's body, which is payload as well
            OtherBytes += taken;
        }

        if (Type == GoAway && _collected == HeaderSize + GoAwayBody)
        {
            Volatile.Write(ref _goAway, BinaryPrimitives.ReadUInt32BigEndian(_header.AsSpan(HeaderSize + 4)));
        }

        EndWhenComplete();
    }

    private void Begin()
    {
        _payloadLeft = BinaryPrimitives.ReadUInt32BigEndian(_header) >> 8;
        var type = Math.Min((int)Type, Names.Length - 1);
        _byType[type]++;
        AnyReset |= Type == 3;
        OtherBytes += HeaderSize;
        if (Type != Data || _payloadLeft < UsefulData)
        {
            Frames++;
        }

        if (Type == GoAway && _payloadLeft < GoAwayBody)
        {
            _header[3] = byte.MaxValue; // too short to be one; the handler will say so
        }
    }

    private void Pass(uint passed)
    {
        _payloadLeft -= passed;
        if (Type == Data)
        {
            DataBytes += passed;
        }
        else
        {
            OtherBytes += passed;
        }

        EndWhenComplete();
    }

    private void EndWhenComplete()
    {
        if (_payloadLeft == 0 && _collected >= Wanted)
        {
            _collected = 0;
        }
    }
}
