using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace EtcdProbeExporter.Harness;

/// <summary>
/// Hands out listening ports below the range that the kernel takes outgoing ports from (32768 on): a peer's own connection has taken a
/// member's port before. A lock file per port, held until the test process ends, keeps two test runs on one machine apart in the time
/// between the choice of a port and the moment its process listens.
/// </summary>
internal static class Ports
{
    private const int First = 20_000;
    private const int Count = 12_000;

    private static readonly string Locks = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), "etcd-probe-test-ports")).FullName;

    private static readonly ConcurrentBag<FileStream> Held = [];

    private static int _next = Environment.ProcessId * 97 % Count;

    public static int Next()
    {
        while (true)
        {
            var port = First + (Interlocked.Increment(ref _next) % Count);
            try
            {
                var claim = new FileStream(Path.Combine(Locks, port.ToString(CultureInfo.InvariantCulture)), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                Held.Add(claim);
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (Exception e) when (e is SocketException or IOException or UnauthorizedAccessException)
            {
                // taken, by a listener or by another test run: the next one
            }
        }
    }
}
