using System.Net;
using System.Net.Sockets;

namespace EtcdProbeExporter.IntegrationTests.Harness;

/// <summary>
/// Hands out listening ports below the range that the kernel takes outgoing ports from (32768 on): a peer's own connection has taken a
/// member's port before.
/// </summary>
internal static class Ports
{
    private const int First = 20_000;
    private const int Count = 12_000;

    private static int _next = Environment.ProcessId * 97 % Count;

    public static int Next()
    {
        while (true)
        {
            var port = First + (Interlocked.Increment(ref _next) % Count);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // taken: the next one
            }
        }
    }
}
