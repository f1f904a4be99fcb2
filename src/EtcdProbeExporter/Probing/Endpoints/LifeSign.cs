using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Grpc;
using EtcdProbeExporter.Probing.Links;
using EtcdProbeExporter.Probing.Operations;

namespace EtcdProbeExporter.Probing.Endpoints;

/// <summary>Asks a member for its list, which it answers from its memory, whatever its disk does.</summary>
internal sealed class LifeSign(RotatingLink link, KnownMember member, TimeSpan timeout, TimeProvider time)
{
    private int _isLooking;

    /// <summary>On the connection in use.</summary>
    public Task<bool> AskAsync(CancellationToken cancellationToken) => link.UseAsync(client => AskAsync(client, timeout, cancellationToken));

    public Task<bool> AskAsync(EtcdClient client, CancellationToken cancellationToken) => AskAsync(client, timeout, cancellationToken);

    /// <summary>
    /// A call that has been silent for half of its time may be silent because the process hangs, or because its disk does. The member is asked
    /// for its list then, so that it is known by the time the call has failed which of them it is.
    /// </summary>
    public async Task<ProbeOutcome> LookForAsync(Task<ProbeOutcome> call, CancellationToken cancellationToken)
    {
        var half = timeout / 2;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var silent = Task.Delay(half, time, ended.Token);
        var look = Task.FromResult(false);
        var isLooking = await Task.WhenAny(call, silent) == silent && !cancellationToken.IsCancellationRequested && Interlocked.Exchange(ref _isLooking, 1) == 0;
        if (isLooking)
        {
            look = link.UseAsync(client => AskAsync(client, half, ended.Token));
        }

        try
        {
            var outcome = await call;
            if (isLooking && outcome.Failure == FailureReason.Timeout && !await look) // which ends now
            {
                member.ForgetStatusIfSilent();
            }

            return outcome;
        }
        finally
        {
            await ended.CancelAsync();
            await ((Task)look).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (isLooking)
            {
                Volatile.Write(ref _isLooking, 0);
            }
        }
    }

    /// <returns>Whether it answered.</returns>
    private async Task<bool> AskAsync(EtcdClient client, TimeSpan patience, CancellationToken cancellationToken)
    {
        var sent = time.Now();
        var answer = await client.LocalMemberListAsync(patience, cancellationToken);
        var isSilent = !answer.IsOk && answer.Failure.Kind != GrpcFailureKind.Status;
        member.Listed(answer.IsOk ? ClusterMember.ListFrom(answer.Message.Members) : null, isSilent, sent, time.Now());
        return answer.IsOk;
    }
}
