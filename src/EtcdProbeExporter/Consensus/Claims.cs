namespace EtcdProbeExporter.Consensus;

/// <summary>Who claims to lead, since when, and which two claims surely overlap: a fold over rounds.</summary>
/// <param name="memory">How long a claim is remembered of a member that does not answer; longer than samples are apart.</param>
internal sealed class Claims(TimeSpan memory)
{
    private readonly Dictionary<ulong, ClaimSpan> _spans = [];
    private readonly Dictionary<(ulong, ulong), Rivalry> _rivalries = [];

    public IReadOnlyCollection<ClaimSpan> Spans => _spans.Values;

    /// <summary>Pairs of claims that overlap.</summary>
    public IReadOnlyCollection<Rivalry> Rivalries => _rivalries.Values;

    /// <summary>The claim of a member; null: it claims nothing.</summary>
    public ClaimSpan? Of(ulong memberId) => _spans.GetValueOrDefault(memberId);

    public void Clear()
    {
        _spans.Clear();
        _rivalries.Clear();
    }

    public void Follow(ClusterView view, TimeSpan now)
    {
        FollowSpans(view, now);
        FollowRivalries(now);
    }

    private void FollowSpans(ClusterView view, TimeSpan now)
    {
        foreach (var (id, span) in _spans.ToList())
        {
            var answer = view.Members.FirstOrDefault(m => m.Status.MemberId == id);
            if (answer is { Status.ClaimsLeadership: false } || now - span.Last.Received > memory)
            {
                _spans.Remove(id);
            }
            else if (answer is null)
            {
                span.Interrupt(); // no answer is no denial: a stalled disk makes Status hang now and then
            }
        }

        foreach (var sample in view.Members)
        {
            if (!sample.Status.ClaimsLeadership)
            {
                continue;
            }

            if (!_spans.TryGetValue(sample.Status.MemberId, out var span))
            {
                _spans[sample.Status.MemberId] = new ClaimSpan(sample);
            }
            else if (sample.Sent > span.Last.Sent)
            {
                span.Extend(sample);
            }
        }
    }

    private void FollowRivalries(TimeSpan now)
    {
        foreach (var (pair, rivalry) in _rivalries.ToList())
        {
            if (_spans.GetValueOrDefault(pair.Item1) != rivalry.A || _spans.GetValueOrDefault(pair.Item2) != rivalry.B)
            {
                _rivalries.Remove(pair);
            }
        }

        foreach (var (a, spanOfA) in _spans)
        {
            foreach (var (b, spanOfB) in _spans)
            {
                if (a < b && !_rivalries.ContainsKey((a, b)) && ClaimSpan.SurelyOverlap(spanOfA, spanOfB))
                {
                    _rivalries[(a, b)] = new Rivalry(spanOfA, spanOfB, now);
                }
            }
        }

        foreach (var rivalry in _rivalries.Values)
        {
            rivalry.Observe(now);
        }
    }
}
