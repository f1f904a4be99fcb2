using System.Globalization;
using EtcdProbeExporter.Etcd;

namespace EtcdProbeExporter.Consensus;

/// <summary>
/// Remembers what etcd has promised and reports a later answer that breaks it. Only acknowledged writes count: one that timed out may have
/// happened or not. Everything is judged by revision, never by value, so several exporters that write the same keys do not accuse each
/// other: a foreign write only makes revisions newer. Not safe for use by two threads at once.
/// <para>A finding is held back until the members have been asked again. If the whole cluster has gone back, it was restored from a snapshot
/// (<see cref="MemberHistory"/>): nothing that was acknowledged before counts any more. If it has another id, it is another cluster.</para>
/// </summary>
internal sealed class ConsistencyWitness
{
    /// <summary>Rounds in which two members must show the same difference at equal applied indexes: revision and index are not read at one instant.</summary>
    private const int RoundsThatProveDivergence = 3;

    private readonly Dictionary<string, AcknowledgedWrites> _keys = new(StringComparer.Ordinal);
    private readonly MemberHistory _history = new();
    private readonly Dictionary<(ulong, ulong), (long Offset, int Rounds)> _offsets = [];
    private readonly List<Suspicion> _suspicions = [];
    private AcknowledgedWrites _writes = new();
    private ulong? _clusterId;

    /// <param name="answer">Who acknowledged, and at which revision.</param>
    /// <param name="key">The key that was written; null when the write was never carried out (commit mode).</param>
    /// <param name="at">When the acknowledgement was here.</param>
    public void Acknowledged(ResponseFacts answer, string? key, TimeSpan at)
    {
        if (!IsThisCluster(answer.ClusterId))
        {
            return;
        }

        _writes.Add(at, answer.Revision);
        if (key is not null)
        {
            if (!_keys.TryGetValue(key, out var writes))
            {
                _keys[key] = writes = new AcknowledgedWrites();
            }

            writes.Add(at, answer.Revision);
        }
    }

    /// <param name="answer">Who answered, and at which revision.</param>
    /// <param name="key">The key that was read.</param>
    /// <param name="modRevision">Revision of the key's last change; null when the key is not there: somebody may have deleted it.</param>
    /// <param name="started">When the read was sent.</param>
    /// <param name="ended">When the answer was here.</param>
    public void LinearizableRead(ResponseFacts answer, string key, long? modRevision, TimeSpan started, TimeSpan ended)
    {
        if (!IsThisCluster(answer.ClusterId))
        {
            return;
        }

        var acknowledged = _writes.NewestAt(started);
        if (answer.Revision < acknowledged)
        {
            Suspect(new Violation(
                ViolationKind.StaleLinearizableRead,
                $"a linearizable read through member {EtcdId.Format(answer.MemberId)} answered at revision {answer.Revision}, "
                + $"revision {acknowledged} had been acknowledged before it began"));
            return;
        }

        var written = _keys.TryGetValue(key, out var writes) ? writes.NewestAt(started) : 0;
        if (modRevision < written)
        {
            Suspect(new Violation(
                ViolationKind.LostWrite,
                $"member {EtcdId.Format(answer.MemberId)} has revision {modRevision} of {key} at store revision {answer.Revision}, "
                + $"revision {written} of it had been acknowledged"));
        }

        void Suspect(Violation violation) => _suspicions.Add(new Suspicion(violation, ended));
    }

    /// <summary>Takes a round of samples, and returns what is certain now.</summary>
    public WitnessFindings Observe(ClusterView view)
    {
        if (view.MainClusterId is not { } cluster)
        {
            return WitnessFindings.None;
        }

        if (_clusterId != cluster)
        {
            Restart(view, cluster);
            return WitnessFindings.None;
        }

        var (restored, violations) = _history.Observe(view);
        if (restored is not null)
        {
            Restart(view, cluster);
            return new WitnessFindings([], restored);
        }

        return _history.Undecided
            ? new WitnessFindings(violations, null)
            : new WitnessFindings([.. violations, .. Divergences(view), .. Settled(view)], null);
    }

    /// <summary>
    /// HashKV of members, all taken at one revision. Only those with the compact revision that most of them have are compared; nothing can
    /// be said of fewer than two.
    /// </summary>
    public static Violation? Hashes(long revision, IReadOnlyList<(string Endpoint, uint Hash, long CompactRevision)> hashes)
    {
        var comparable = hashes.GroupBy(h => h.CompactRevision).MaxBy(g => g.Count())?.ToList() ?? [];
        return comparable.Select(h => h.Hash).Distinct().Count() > 1
            ? new Violation(
                ViolationKind.HashMismatch,
                $"different data at revision {revision}: {string.Join(", ", comparable.Select(h => $"{h.Endpoint} {h.Hash:x8}"))}")
            : null;
    }

    private void Restart(ClusterView view, ulong cluster)
    {
        _clusterId = cluster;
        _writes = new AcknowledgedWrites();
        _keys.Clear();
        _offsets.Clear();
        _suspicions.Clear();
        _history.Restart(view);
    }

    private IEnumerable<Violation> Divergences(ClusterView view)
    {
        var voters = view.Members.OrderBy(s => s.Status.MemberId).ToList();
        for (var i = 0; i < voters.Count; i++)
        {
            for (var j = i + 1; j < voters.Count; j++)
            {
                var (a, b) = (voters[i].Status, voters[j].Status);
                var pair = (a.MemberId, b.MemberId);
                if (a.RaftAppliedIndex != b.RaftAppliedIndex)
                {
                    continue; // nothing can be said; what was seen before still counts
                }

                var offset = a.Revision - b.Revision;
                var (known, rounds) = _offsets.GetValueOrDefault(pair);
                rounds = offset != 0 && offset == known ? rounds + 1 : 1;
                _offsets[pair] = (offset, rounds);
                if (rounds == RoundsThatProveDivergence)
                {
                    yield return new Violation(
                        ViolationKind.RevisionDivergence,
                        $"members {EtcdId.Format(a.MemberId)} and {EtcdId.Format(b.MemberId)} have both applied entry {a.RaftAppliedIndex} "
                        + $"and stand at revisions {a.Revision} and {b.Revision}");
                }
            }
        }
    }

    /// <summary>Suspicions after which members have been asked, and the cluster is still what it was.</summary>
    private List<Violation> Settled(ClusterView view)
    {
        var settled = _suspicions.Where(s => view.Members.Count == 0 || view.Members.Any(m => m.Sent >= s.At)).ToList(); // none: Status is withheld
        settled.ForEach(s => _suspicions.Remove(s));
        return [.. settled.Select(s => s.Violation)];
    }

    private bool IsThisCluster(ulong clusterId) => (_clusterId ??= clusterId) == clusterId;

    private sealed record Suspicion(Violation Violation, TimeSpan At);
}

/// <summary>What one round made certain: promises that were broken, or that the cluster was restored and begins anew.</summary>
internal sealed record WitnessFindings(IReadOnlyList<Violation> Violations, Restoration? Restored)
{
    public static readonly WitnessFindings None = new([], null);
}

/// <summary>
/// The whole cluster went back to an older state: it was restored from a snapshot. Terms and revisions are the highest that were seen before
/// and after. <see cref="Lost"/> is null where revisions do not show it (a restore may bump them).
/// </summary>
internal sealed record Restoration(ulong TermBefore, ulong TermAfter, long RevisionBefore, long RevisionAfter)
{
    /// <summary>How many revisions are gone; at least, since writes go on after the restore.</summary>
    public long? Lost => RevisionAfter < RevisionBefore ? RevisionBefore - RevisionAfter : null;

    /// <summary>For people: <c>term 7 → 2, revision 270 → 36, at least 234 revisions lost</c>.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"term {TermBefore} → {TermAfter}, revision {RevisionBefore} → {RevisionAfter}{(Lost is { } lost ? $", at least {lost} revisions lost" : "")}");
}
