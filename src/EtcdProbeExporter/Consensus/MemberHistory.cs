using EtcdProbeExporter.Etcd;

namespace EtcdProbeExporter.Consensus;

/// <summary>
/// Decides whether members went back in time, and whether all of them did. Raft's log never shrinks: a member that applied less than it had, or
/// shows a lower term, has another log than before.
/// <list type="bullet">
/// <item><b>Another log</b> (a snapshot was restored): the term went back; or so did the applied index, by more than half, or by more than
/// the revision explains. A restored log begins at about the number of members whatever its revision, and one entry makes one revision at
/// most (etcd server/etcdserver/apply), so a log that merely lost its tail loses index and revision together.</item>
/// <item>When a quorum of the voters has another log and nobody goes on with the old one, the cluster was restored. Until that is known, one
/// way or the other, nothing is said.</item>
/// <item>When others go on with the old log, the one that went back broke its promise.</item>
/// </list>
/// Not safe for use by two threads at once.
/// </summary>
internal sealed class MemberHistory
{
    /// <summary>More new revisions than entries by that much come from a restore that bumps them, by a thousand million (etcdutl snapshot restore).</summary>
    private const long BumpedBy = 1_000_000;

    private readonly Dictionary<ulong, MemberSample> _known = [];
    private readonly Dictionary<ulong, MemberSample> _back = [];

    /// <summary>Some member went back, and it is not known yet whether all did.</summary>
    public bool Undecided => _back.Count > 0;

    /// <summary>Takes a round. Returns the restoration that it proves, or what members did that they must not.</summary>
    public (Restoration? Restored, IReadOnlyList<Violation> Violations) Observe(ClusterView view)
    {
        var violations = new List<Violation>();
        var advanced = new List<MemberSample>();
        foreach (var sample in view.Members)
        {
            var id = sample.Status.MemberId;
            if (!_known.TryGetValue(id, out var known))
            {
                _known[id] = sample;
                continue;
            }

            if (sample.Sent < known.Received)
            {
                continue; // two answers that were under way at once may have been given in either order
            }

            if (IsAnotherLog(known.Status, sample.Status))
            {
                _back[id] = sample;
                continue;
            }

            _back.Remove(id);
            advanced.Add(sample);
            violations.AddRange(Regressions(known.Status, sample.Status));
            _known[id] = sample;
        }

        // Answers from before the first one of another log may be of the time before the restore.
        if (_back.Count > 0 && advanced.Exists(s => s.Received > _back.Values.Min(b => b.Sent)))
        {
            foreach (var (id, sample) in _back)
            {
                violations.AddRange(Regressions(_known[id].Status, sample.Status));
                _known[id] = sample;
            }

            _back.Clear();
        }
        else if (_back.Count >= (view.QuorumSize ?? (_known.Count / 2) + 1))
        {
            return (Restored(), violations);
        }

        return (null, violations);
    }

    /// <summary>
    /// Forgets everything: the members begin anew with what they show now. A sample from before the first one of another log is of the time
    /// before the restore: that member has not been asked since.
    /// </summary>
    public void Restart(ClusterView view)
    {
        var since = _back.Count > 0 ? _back.Values.Min(b => b.Sent) : TimeSpan.MinValue;
        _known.Clear();
        _back.Clear();
        foreach (var sample in view.Members.Where(s => s.Sent >= since))
        {
            _known[sample.Status.MemberId] = sample;
        }
    }

    internal static bool IsAnotherLog(MemberStatus before, MemberStatus now)
    {
        if (now.Term < before.Term)
        {
            return true;
        }

        var entries = (long)now.RaftAppliedIndex - (long)before.RaftAppliedIndex;
        var revisions = now.Revision - before.Revision;
        return entries < 0
            ? -entries > (long)before.RaftAppliedIndex / 2 || -revisions < -entries / 2
            : revisions - entries > BumpedBy;
    }

    private Restoration Restored() => new(
        _known.Values.Max(s => s.Status.Term),
        _back.Values.Max(s => s.Status.Term),
        _known.Values.Max(s => s.Status.Revision),
        _back.Values.Max(s => s.Status.Revision));

    private static IEnumerable<Violation> Regressions(MemberStatus before, MemberStatus now)
    {
        var member = EtcdId.Format(now.MemberId);
        if (now.Revision < before.Revision)
        {
            yield return new Violation(
                ViolationKind.RevisionRegression, $"the revision of member {member} went back from {before.Revision} to {now.Revision}");
        }

        if (now.Term < before.Term)
        {
            yield return new Violation(
                ViolationKind.TermRegression, $"the applied term of member {member} went back from {before.Term} to {now.Term}");
        }
    }
}
