using EtcdProbeExporter.Configuration;
using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Grpc;
using Google.Protobuf;

namespace EtcdProbeExporter.Probing.Operations;

/// <summary>The calls of put and get probes on one key, the same for an endpoint's own key and for the cluster's.</summary>
internal sealed class KeyProbe(ProbeKeys keys, ByteString key, ProbeConfiguration probe, uint exporter, TimeProvider time)
{
    private readonly string _name = key.ToStringUtf8();
    private long _sequence;

    /// <summary>Not called in mode <see cref="WriteMode.None"/>.</summary>
    public async Task<ProbeOutcome> PutAsync(EtcdClient client, int onlyOn, CancellationToken cancellationToken)
    {
        var target = keys.Checked(key);
        var value = ProbeKeys.Value(exporter, Interlocked.Increment(ref _sequence), time.GetUtcNow());
        var (outcome, written) = probe.Write switch
        {
            WriteMode.Put => (ProbeOutcome.From(
                await client.PutAsync(target, value, onlyOn, probe.Timeout, cancellationToken), r => r.Header), _name),
            WriteMode.Commit => (ProbeOutcome.From(
                await client.CommitNothingAsync(target, value, onlyOn, probe.Timeout, cancellationToken), r => r.Header), (string?)null),
            _ => throw new InvalidOperationException("write probes are switched off"),
        };
        return outcome.Failure is null ? outcome with { Evidence = Evidence(written, null, outcome.Span) } : outcome;
    }

    /// <summary>Answered after a quorum has confirmed that it is not old.</summary>
    public async Task<ProbeOutcome> GetLinearizableAsync(EtcdClient client, CancellationToken cancellationToken)
    {
        var answer = await client.GetAsync(key, serializable: false, probe.Timeout, cancellationToken);
        var outcome = ProbeOutcome.From(answer, r => r.Header);
        return answer.IsOk
            ? outcome with { Evidence = Evidence(_name, answer.Message.Kvs.FirstOrDefault()?.ModRevision, outcome.Span) }
            : outcome;
    }

    /// <summary>Answered from the member's own data, however old.</summary>
    public async Task<ProbeOutcome> GetLocalAsync(EtcdClient client, CancellationToken cancellationToken) =>
        ProbeOutcome.From(await client.GetAsync(key, serializable: true, probe.Timeout, cancellationToken), r => r.Header);

    private KeyEvidence Evidence(string? name, long? modRevision, CallSpan? span) =>
        span is { } call
            ? new KeyEvidence(name, modRevision, time.GetElapsedTime(0, call.Sent), time.GetElapsedTime(0, call.Ended))
            : throw new InvalidOperationException("an answer without a request");
}

/// <summary>
/// What a successful put or linearizable get lets one demand of later reads. Times are on the monotonic clock: when the request was sent,
/// and when the answer was here.
/// </summary>
/// <param name="Key">The key that was written or read; null for a write that was never carried out (commit mode).</param>
/// <param name="ModRevision">Of a read: the revision of the key's last change, null when the key is not there.</param>
/// <param name="Sent">See above.</param>
/// <param name="Received">See above.</param>
internal sealed record KeyEvidence(string? Key, long? ModRevision, TimeSpan Sent, TimeSpan Received);
