namespace EtcdProbeExporter.Consensus;

/// <summary>
/// Revisions that were acknowledged, and when. Answers which of them a read must see that began at a certain time. Keeps a minute of
/// history: no read runs longer, and the newest revision before that is kept for ever.
/// </summary>
internal sealed class AcknowledgedWrites
{
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(1);

    private readonly Queue<(TimeSpan At, long Revision)> _recent = new();
    private long _before;

    public void Add(TimeSpan at, long revision)
    {
        _recent.Enqueue((at, revision));
        while (_recent.TryPeek(out var oldest) && at - oldest.At > Kept)
        {
            _before = Math.Max(_before, oldest.Revision);
            _recent.Dequeue();
        }
    }

    /// <summary>The highest revision acknowledged at or before <paramref name="time"/>; 0 when there is none.</summary>
    public long NewestAt(TimeSpan time)
    {
        var newest = _before;
        foreach (var (at, revision) in _recent)
        {
            if (at <= time)
            {
                newest = Math.Max(newest, revision);
            }
        }

        return newest;
    }
}
