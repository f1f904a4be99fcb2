using System.Buffers.Binary;
using System.Text;

namespace EtcdProbeExporter.Tests.Grpc.Hostile;

/// <summary>HTTP/2 frames made by hand (RFC 9113 section 6), right and wrong ones.</summary>
internal static class RawFrames
{
    public const byte Data = 0, Headers = 1, Priority = 2, RstStream = 3, Settings = 4, PushPromise = 5, Ping = 6, GoAway = 7, WindowUpdate = 8, Continuation = 9;

    public const byte EndStream = 1, Ack = 1, EndHeaders = 4;

    public static readonly byte[] EmptySettings = Frame(Settings);

    public static readonly byte[] OkHeaders = Literals((":status", "200"), ("content-type", "application/grpc"));

    public static readonly byte[] OkTrailers = Literals(("grpc-status", "0"));

    public static byte[] Frame(byte type, byte flags = 0, int stream = 0, byte[]? payload = null, int? length = null)
    {
        payload ??= [];
        var frame = new byte[9 + payload.Length];
        BinaryPrimitives.WriteUInt32BigEndian(frame, (uint)(length ?? payload.Length) << 8);
        frame[3] = type;
        frame[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame, 9);
        return frame;
    }

    public static byte[] Number(params uint[] values)
    {
        var bytes = new byte[values.Length * 4];
        for (var i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(i * 4), values[i]);
        }

        return bytes;
    }

    public static byte[] Setting(ushort id, uint value) => Frame(Settings, payload: [(byte)(id >> 8), (byte)id, .. Number(value)]);

    public static byte[] Reset(int stream, uint code) => Frame(RstStream, 0, stream, Number(code));

    public static byte[] Leave(uint lastStream, uint code) => Frame(GoAway, payload: Number(lastStream, code));

    /// <summary>Header fields without indexing and with new names (RFC 7541 section 6.2.2).</summary>
    public static byte[] Literals(params (string Name, string Value)[] fields)
    {
        var block = new List<byte>();
        foreach (var (name, value) in fields)
        {
            block.Add(0);
            Text(block, name);
            Text(block, value);
        }

        return [.. block];
    }

    /// <summary>A field that goes into the dynamic table, and many references to it: little to send, much to decode.</summary>
    public static byte[] HpackBomb()
    {
        var block = new List<byte>(OkHeaders) { 0x40 };
        Text(block, "x-bomb");
        Text(block, new string('b', 3900));
        block.AddRange(Enumerable.Repeat((byte)0xBE, 12_000));
        return [.. block];
    }

    public static byte[] Message(byte[] body, byte flag = 0, uint? length = null) => [flag, .. Number(length ?? (uint)body.Length), .. body];

    private static void Text(List<byte> block, string text)
    {
        if (text.Length < 127)
        {
            block.Add((byte)text.Length);
        }
        else
        {
            block.Add(127);
            var rest = text.Length - 127;
            for (; rest >= 128; rest >>= 7)
            {
                block.Add((byte)((rest & 127) | 128));
            }

            block.Add((byte)rest);
        }

        block.AddRange(Encoding.ASCII.GetBytes(text));
    }
}
