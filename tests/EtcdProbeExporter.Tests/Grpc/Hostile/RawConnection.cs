using System.Buffers.Binary;
using System.Net.Sockets;

namespace EtcdProbeExporter.Tests.Grpc.Hostile;

/// <summary>A peer's side of one connection, blocking: a script says what it does. Every member throws when the other side is gone or the peer is stopped.</summary>
internal sealed class RawConnection(Socket socket, CancellationToken stop)
{
    private const int PrefaceLength = 24;

    /// <summary>Sends now.</summary>
    public void Send(params byte[][] parts)
    {
        foreach (var part in parts)
        {
            stop.ThrowIfCancellationRequested();
            for (var sent = 0; sent < part.Length;)
            {
                sent += socket.Send(part, sent, part.Length - sent, SocketFlags.None);
            }
        }
    }

    /// <summary>Sends one thing again and again, as fast as it is taken.</summary>
    public void Storm(byte[] unit)
    {
        var block = Enumerable.Repeat(unit, Math.Max(1, 32_768 / unit.Length)).SelectMany(b => b).ToArray();
        while (true)
        {
            Send(block);
        }
    }

    /// <summary>Sends byte after byte, slowly.</summary>
    public void Drip(byte[] bytes)
    {
        foreach (var b in bytes)
        {
            Send([b]);
            stop.WaitHandle.WaitOne(100);
        }
    }

    public void Hang() => stop.WaitHandle.WaitOne();

    public void Close() => socket.Shutdown(SocketShutdown.Send);

    public void Reset()
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Close();
    }

    public void ReadPreface() => ReadExactly(PrefaceLength);

    /// <summary>Reads frames until a request has begun; its stream.</summary>
    public int AwaitRequest()
    {
        while (true)
        {
            var header = ReadExactly(9);
            var payload = ReadExactly((int)(BinaryPrimitives.ReadUInt32BigEndian(header) >> 8));
            var stream = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(5)) & int.MaxValue;
            if (header[3] == RawFrames.Headers)
            {
                return stream;
            }

            if (header[3] == RawFrames.Ping && (header[4] & RawFrames.Ack) == 0)
            {
                Send(RawFrames.Frame(RawFrames.Ping, RawFrames.Ack, 0, payload));
            }
        }
    }

    /// <summary>Opens HTTP/2 as a server does, and waits for the first request.</summary>
    public int Open()
    {
        ReadPreface();
        Send(RawFrames.EmptySettings, RawFrames.Frame(RawFrames.Settings, RawFrames.Ack));
        return AwaitRequest();
    }

    /// <summary>Opens HTTP/2 and answers every request in the same way.</summary>
    public void Serve(Action<int> answer)
    {
        for (var stream = Open(); ; stream = AwaitRequest())
        {
            answer(stream);
        }
    }

    private byte[] ReadExactly(int count)
    {
        var bytes = new byte[count];
        for (var read = 0; read < count;)
        {
            var got = socket.Receive(bytes, read, count - read, SocketFlags.None);
            read += got > 0 ? got : throw new EndOfStreamException();
        }

        return bytes;
    }
}
