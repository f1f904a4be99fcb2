using EtcdProbeExporter.Configuration;
using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Probing.Operations;

namespace EtcdProbeExporter.Probing.Endpoints;

/// <summary>
/// What is asked of one endpoint, each call on the connection that it is given, and what its answers show of whoever is there.
/// </summary>
internal sealed class EndpointCalls
{
    private readonly ProbeConfiguration _probe;
    private readonly KnownMember _member;
    private readonly LifeSign _life;
    private readonly KeyProbe _key;
    private readonly GuardedPut _put;
    private readonly TimeProvider _time;

    public EndpointCalls(ProbedCluster probed, KnownMember member, LifeSign life)
    {
        var cluster = probed.Context;
        _probe = cluster.Probe;
        _member = member;
        _life = life;
        _time = cluster.Time;
        _key = new KeyProbe(probed.Keys, probed.Keys.ForEndpoint(member.Endpoint), _probe, cluster.Exporter, _time);
        _put = new GuardedPut(_key, probed.Identity, member.Endpoint, _probe.Timeout);
    }

    /// <summary>What is probed on every endpoint of a cluster that is configured so.</summary>
    public static IReadOnlyList<ProbeOperation> OperationsOf(ProbeConfiguration probe) => probe.Write == WriteMode.None
        ? [ProbeOperation.Get, ProbeOperation.GetLocal, ProbeOperation.Status]
        : [ProbeOperation.Put, ProbeOperation.Get, ProbeOperation.GetLocal, ProbeOperation.Status];

    public Task<ProbeOutcome> CallAsync(ProbeOperation operation, EtcdClient client, CancellationToken cancellationToken) =>
        _member.Server.RecogniseAsync(client, operation switch
        {
            ProbeOperation.Put => _put.PutAsync(client, cancellationToken),
            ProbeOperation.Get => _key.GetLinearizableAsync(client, cancellationToken),
            ProbeOperation.GetLocal => _key.GetLocalAsync(client, cancellationToken),
            _ => StatusAsync(client, cancellationToken),
        });

    /// <summary>Everything but the put, the member list included, all at once, so that a hung member costs one timeout.</summary>
    public async Task<IReadOnlyList<ProbeOutcome>> ReadAsync(EtcdClient client, CancellationToken cancellationToken)
    {
        var members = _life.AskAsync(client, cancellationToken);
        var outcomes = await Task.WhenAll(
            OperationsOf(_probe).Where(o => o != ProbeOperation.Put).Select(operation => CallAsync(operation, client, cancellationToken)));
        await members;
        foreach (var answer in outcomes.Select(o => o.Answer).OfType<ResponseFacts>())
        {
            _member.Recognise(answer.ClusterId, answer.MemberId);
        }

        return outcomes;
    }

    /// <summary>
    /// One unrecorded round. Returns why a connection on which this is the outcome is not worth having; null when it serves something,
    /// whatever else is refused. Nothing is written before it is known who is there, or by somebody who does not answer.
    /// </summary>
    public async Task<string?> ProveAsync(EtcdClient client, CancellationToken cancellationToken)
    {
        var outcomes = await ReadAsync(client, cancellationToken);
        return ProbeOutcome.WhyNothingServed(
            _probe.Write == WriteMode.None || outcomes.All(o => o.Failure is not null) ? outcomes : [.. outcomes, await _put.PutAsync(client, cancellationToken)]);
    }

    /// <summary>One unrecorded put; none where nothing is to be written.</summary>
    public async Task FirstPutAsync(EtcdClient client, CancellationToken cancellationToken)
    {
        if (_probe.Write != WriteMode.None)
        {
            await _put.PutAsync(client, cancellationToken);
        }
    }

    private async Task<ProbeOutcome> StatusAsync(EtcdClient client, CancellationToken cancellationToken)
    {
        var sent = _time.Now();
        var answer = await client.StatusAsync(_probe.Timeout, cancellationToken);
        var status = answer.IsOk ? MemberStatus.From(answer.Message) : null;
        _member.Keep(status is null ? null : new MemberSample(_member.Endpoint, status, sent, _time.Now()));
        return ProbeOutcome.From(answer, r => r.Header);
    }
}
