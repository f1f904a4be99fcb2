using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace EtcdProbeExporter.Tests.Grpc.Hostile;

/// <summary>
/// A listener that gives every connection to a script. It has threads of its own, so that it takes nothing from the pool of the code under
/// test, and knows how much processor time they used.
/// </summary>
internal sealed class RawPeer : IDisposable
{
    private const int ThreadCpuTime = 3; // CLOCK_THREAD_CPUTIME_ID

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Socket> _sockets = [];
    private readonly ConcurrentBag<Thread> _threads = [];
    private readonly Action<RawConnection> _script;
    private int _accepted;
    private long _cpuNanoseconds;

    public RawPeer(Action<RawConnection> script, string scheme = "http")
    {
        _script = script;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(128);
        Address = new Uri($"{scheme}://127.0.0.1:{((IPEndPoint)_listener.LocalEndPoint!).Port}");
        Start(Accept);
    }

    public Uri Address { get; }

    /// <summary>How often it was dialed.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>What its threads used; complete when it is disposed.</summary>
    public TimeSpan Cpu => TimeSpan.FromMicroseconds(Volatile.Read(ref _cpuNanoseconds) / 1000.0);

    public void Dispose()
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        _stop.Cancel();
        _listener.Dispose();
        foreach (var socket in _sockets)
        {
            socket.Dispose();
        }

        foreach (var thread in _threads)
        {
            thread.Join();
        }
    }

    private void Accept()
    {
        while (true)
        {
            var socket = _listener.Accept();
            socket.NoDelay = true; // what Nagle holds back is lost when the script ends with something of the other side unread
            Interlocked.Increment(ref _accepted);
            _sockets.Add(socket);
            Start(() =>
            {
                using (socket)
                {
                    _script(new RawConnection(socket, _stop.Token));
                }
            });
        }
    }

    private void Start(Action body)
    {
        var thread = new Thread(() => Run(body), maxStackSize: 256 * 1024) { IsBackground = true };
        _threads.Add(thread);
        thread.Start();
    }

    private void Run(Action body)
    {
        try
        {
            body();
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or EndOfStreamException or OperationCanceledException)
        {
            // the other side left, or the test is over
        }
        finally
        {
            _ = clock_gettime(ThreadCpuTime, out var used);
            Interlocked.Add(ref _cpuNanoseconds, (used.Seconds * 1_000_000_000) + used.Nanoseconds);
        }
    }

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int clock_gettime(int clock, out Timespec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct Timespec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
