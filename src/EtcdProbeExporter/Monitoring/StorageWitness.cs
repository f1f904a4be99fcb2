using System.Collections.Concurrent;
using EtcdProbeExporter.Configuration;
using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Fetching;
using EtcdProbeExporter.Probing;
using EtcdProbeExporter.Probing.Endpoints;

namespace EtcdProbeExporter.Monitoring;

/// <summary>
/// Asks members that hang for their own metrics, every five seconds for as long as they do, and never else. Members answer these from
/// memory, within some ten milliseconds, whatever hangs (measured on 3.4, 3.5 and 3.7).
/// </summary>
internal sealed class StorageWitness(ClusterContext cluster)
{
    private const int LongestObjection = 200;

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, (TimeSpan AskedAt, StorageSight Sight)> _asked = new(StringComparer.Ordinal);

    /// <summary>Those of the endpoints that hang now whose turn it is; what was said by the others is forgotten.</summary>
    /// <param name="endpoints">All of them.</param>
    /// <param name="hang">The labels of those that hang.</param>
    public IReadOnlyList<EndpointSnapshot> Due(IReadOnlyList<EndpointSnapshot> endpoints, IReadOnlyList<string> hang)
    {
        var now = cluster.Time.Now();
        var hanging = endpoints.Where(e => hang.Contains(e.Address.Label)).ToList();
        foreach (var over in _asked.Keys.Except(hanging.Select(e => e.Address.Label)))
        {
            _asked.TryRemove(over, out _);
        }

        var due = hanging.Where(e => !_asked.TryGetValue(e.Address.Label, out var last) || now - last.AskedAt >= Every).ToList();
        foreach (var endpoint in due)
        {
            _asked[endpoint.Address.Label] = (now, _asked.TryGetValue(endpoint.Address.Label, out var last) ? last.Sight : StorageSight.None);
        }

        return due;
    }

    public async Task AskAsync(EndpointAddress endpoint, CancellationToken cancellationToken)
    {
        var at = cluster.Time.Now();
        using var patience = new CancellationTokenSource(Patience, cluster.Time);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        var (reading, objection) = await ReadAsync(endpoint, at, cancellationToken, deadline.Token);
        if (_asked.TryGetValue(endpoint.Label, out var last)) // or it hangs no more
        {
            _asked.TryUpdate(endpoint.Label, last with { Sight = reading is null ? last.Sight.Without(objection) : last.Sight.After(reading) }, last);
        }
    }

    /// <summary>The same snapshot, with what was said in it.</summary>
    public ClusterSnapshot AddTo(ClusterSnapshot snapshot) => snapshot with
    {
        Endpoints = [.. snapshot.Endpoints.Select(e => _asked.TryGetValue(e.Address.Label, out var asked) ? e with { Storage = asked.Sight } : e)],
    };

    private async Task<(StorageReading? Reading, string Objection)> ReadAsync(
        EndpointAddress endpoint, TimeSpan at, CancellationToken stopping, CancellationToken deadline)
    {
        try
        {
            var url = MetricsUrlTemplate.Resolve(cluster.Configuration, endpoint);
            using var fetch = await MemberFetch.StartAsync(url, cluster.Credentials.Tls, "", deadline);
            if ((fetch.Objection ?? (fetch.ContentEncoding is null ? null : "answered in an encoding that nobody asked for")) is { } objection)
            {
                return (null, objection);
            }

            var reader = new StorageReading.Reader();
            await Lines.ReadAsync(fetch.Body, reader.Add, deadline);
            return (reader.Read(at), "answered with something else than the metrics of etcd");
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            return (null, FormattableString.Invariant($"did not answer within {Patience.TotalSeconds:0} s"));
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            var why = (e.InnerException ?? e).Message; // may hold what the peer wrote
            return (null, why[..Math.Min(why.Length, LongestObjection)]);
        }
    }
}
