using EtcdProbeExporter.Etcd;

namespace EtcdProbeExporter.Probing.Operations;

/// <summary>
/// A put that only ever reaches the cluster that is meant. On a connection that is new, whoever is there is asked first: a name, a load
/// balancer or an address that was given to somebody else may lead to another cluster. Who says nothing of its cluster (kine, proxies) is
/// taken for ours.
/// </summary>
internal sealed class GuardedPut(KeyProbe key, ClusterIdentity identity, string endpoint, TimeSpan timeout)
{
    public async Task<ProbeOutcome> PutAsync(EtcdClient client, CancellationToken cancellationToken)
    {
        var outcome = await TryAsync(client, cancellationToken);

        // Not a retry of the put: nothing of it was sent.
        return outcome.Detail == Grpc.GrpcConnection.NotSent.Detail ? await TryAsync(client, cancellationToken) : outcome;
    }

    private async Task<ProbeOutcome> TryAsync(EtcdClient client, CancellationToken cancellationToken)
    {
        if (client.Found is not { } found || found.Connection != client.Connections)
        {
            (var failure, found) = await AskAsync(client, cancellationToken);
            if (failure is { } why)
            {
                return why;
            }

            client.Found = found;
            identity.Shows(endpoint, found.ClusterId);
        }

        return found.ClusterId != 0 && identity.Id is { } meant && meant != found.ClusterId
            ? new ProbeOutcome(FailureReason.ClusterMismatch, $"belongs to another cluster ({EtcdId.Format(found.ClusterId)}), nothing is written to it", null)
            : await key.PutAsync(client, found.Connection, cancellationToken);
    }

    /// <summary>Why nobody answered, or which cluster was found where.</summary>
    private async Task<(ProbeOutcome? Failure, (int Connection, ulong ClusterId) Found)> AskAsync(EtcdClient client, CancellationToken cancellationToken)
    {
        while (true)
        {
            var connection = client.Connections;
            var (failure, clusterId) = await AskOnceAsync(client, cancellationToken);
            if (failure is not null || (connection > 0 && connection == client.Connections))
            {
                return (failure, (connection, clusterId)); // else the question itself opened a connection, or another call did: whose answer was it?
            }
        }
    }

    private async Task<(ProbeOutcome? Failure, ulong ClusterId)> AskOnceAsync(EtcdClient client, CancellationToken cancellationToken)
    {
        var status = await client.StatusAsync(timeout, cancellationToken);
        if (status.IsOk)
        {
            return (null, status.Message.Header?.ClusterId ?? 0);
        }

        var refused = ProbeOutcome.From(status, r => r.Header);
        if (refused.Failure is not (FailureReason.PermissionDenied or FailureReason.Unauthenticated))
        {
            return (refused, 0);
        }

        var read = await key.GetLocalAsync(client, cancellationToken); // any answer says whose it is
        return read.Failure is null ? (null, read.Answer?.ClusterId ?? 0) : (read, 0);
    }
}
