using EtcdProbeExporter.Consensus;
using EtcdProbeExporter.Probing.Cluster;

namespace EtcdProbeExporter.Monitoring;

/// <summary>
/// Asks all members for the hash of their data. Two comparisons must both fail, at two revisions: one could meet a compaction or a member
/// that is about to catch up.
/// </summary>
internal sealed class HashComparison(ClusterProber prober, TimeProvider time)
{
    /// <summary>Between the two.</summary>
    public static readonly TimeSpan AgainAfter = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(1); // it scans every key

    /// <param name="revision">One that every member has by now: none may be asked for one of the future. Null: none is known.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Null: they hold the same data, or that is not known.</returns>
    public async Task<Violation?> CompareAsync(Func<long?> revision, CancellationToken cancellationToken)
    {
        if (await MismatchAsync(revision(), cancellationToken) is null)
        {
            return null;
        }

        await Task.Delay(AgainAfter, time, cancellationToken);
        return await MismatchAsync(revision(), cancellationToken);
    }

    private async Task<Violation?> MismatchAsync(long? revision, CancellationToken cancellationToken)
    {
        if (revision is not { } at)
        {
            return null;
        }

        var hashes = await prober.HashesAsync(at, Timeout, cancellationToken);
        return ConsistencyWitness.Hashes(at, [.. hashes.Select(h => (h.Endpoint, h.Hash, h.CompactRevision))]);
    }
}
