using System.Net;

namespace EtcdProbeExporter.Grpc;

/// <summary>
/// Names are looked up by getaddrinfo, which holds a thread of the pool for as long as a name server keeps silent. The pool has one thread for a
/// core and adds about one in a second: with eight threads held on two cores, other work waited for 5 s.
/// </summary>
internal static class BlockingLookups
{
    private const int Threads = 32;

    /// <summary>To be called once, before anything is probed. Threads are made when they are needed, and a larger setting stays.</summary>
    public static void ReserveThreads()
    {
        ThreadPool.GetMinThreads(out var workers, out var completions);
        ThreadPool.SetMinThreads(Math.Max(workers, Threads), completions);
    }
}

/// <summary>The addresses of a host name; throws when it has none.</summary>
internal delegate Task<IPAddress[]> NameLookup(string host, CancellationToken cancellationToken);
