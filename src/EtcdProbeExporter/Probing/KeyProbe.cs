using EtcdProbeExporter.Configuration;
using EtcdProbeExporter.Etcd;
using Google.Protobuf;

namespace EtcdProbeExporter.Probing;

/// <summary>The calls of put and get probes on one key, the same for an endpoint's own key and for the cluster's.</summary>
internal sealed class KeyProbe(ProbeKeys keys, ByteString key, ProbeConfiguration probe, uint exporter, TimeProvider time)
{
    private long _sequence;

    /// <summary>Not called in mode <see cref="WriteMode.None"/>.</summary>
    public async Task<ProbeOutcome> PutAsync(EtcdClient client, CancellationToken cancellationToken)
    {
        var target = keys.Checked(key);
        var value = ProbeKeys.Value(exporter, Interlocked.Increment(ref _sequence), time.GetUtcNow());
        return probe.Write switch
        {
            WriteMode.Put => ProbeOutcome.From(
                await client.PutAsync(target, value, probe.Timeout, cancellationToken), r => r.Header),
            WriteMode.Commit => ProbeOutcome.From(
                await client.CommitNothingAsync(target, value, probe.Timeout, cancellationToken), r => r.Header),
            _ => throw new InvalidOperationException("write probes are switched off"),
        };
    }

    public async Task<ProbeOutcome> GetAsync(EtcdClient client, bool serializable, CancellationToken cancellationToken) =>
        ProbeOutcome.From(await client.GetAsync(key, serializable, probe.Timeout, cancellationToken), r => r.Header);
}
