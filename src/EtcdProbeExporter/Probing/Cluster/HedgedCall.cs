using EtcdProbeExporter.Etcd;

namespace EtcdProbeExporter.Probing.Cluster;

/// <summary>
/// Asks candidates one after the other without waiting for a silent one: the next is asked when the one before failed, or said nothing for
/// a while. The first success ends it. Of those that are silent at once, only so many are waited for: the oldest is given up for the next, so
/// that a cluster that is slow as a whole does not get a call per endpoint. Pure apart from the attempts and the clock.
/// </summary>
/// <typeparam name="TCandidate">Who is asked.</typeparam>
/// <typeparam name="TResult">What comes of it.</typeparam>
/// <param name="attempt">Asks one candidate.</param>
/// <param name="succeeded">Whether that ends the search.</param>
/// <param name="time">The clock.</param>
internal sealed class HedgedCall<TCandidate, TResult>(
    Func<TCandidate, CancellationToken, Task<TResult>> attempt, Func<TResult, bool> succeeded, TimeProvider time)
{
    /// <summary>The first candidate, and two more.</summary>
    public const int AtOnce = 3;

    private readonly List<Attempt> _running = [];
    private int _asked;

    /// <summary>What was asked in vain so far: what failed, and what was silent until it was given up or somebody asked later served. With the
    /// monotonic time of the question.</summary>
    public List<(TCandidate Candidate, TimeSpan Asked)> InVain { get; } = [];

    /// <summary>Failures, in the order in which the attempts ended.</summary>
    public List<TResult> Failures { get; } = [];

    /// <returns>Who served and with what; null when nobody did, and then <see cref="Failures"/> says why.</returns>
    public async Task<(TCandidate Candidate, TResult Result)?> RunAsync(
        IEnumerable<TCandidate> candidates, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var losers = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var next = candidates.GetEnumerator();
        try
        {
            return await RunAsync(next, patience, losers, cancellationToken);
        }
        finally
        {
            InVain.AddRange(_running.Select(r => (r.Candidate, r.Asked)));
        }
    }

    private async Task<(TCandidate Candidate, TResult Result)?> RunAsync(
        IEnumerator<TCandidate> next, TimeSpan patience, CancellationTokenSource losers, CancellationToken cancellationToken)
    {
        var hasNext = next.MoveNext();
        while (hasNext || _running.Count > 0)
        {
            if (hasNext)
            {
                await MakeRoomAsync();
                _running.Add(Ask(next.Current, losers.Token));
                hasNext = next.MoveNext();
            }

            var ended = await FirstEndedAsync(hasNext ? patience : Timeout.InfiniteTimeSpan, cancellationToken);
            if (ended is null)
            {
                continue;
            }

            _running.Remove(ended);
            var result = await ended.Call;
            if (succeeded(result))
            {
                _running.RemoveAll(r => r.Number > ended.Number); // asked later than the one that served: nothing can be said of them
                await losers.CancelAsync(); // their connections stay; only these calls are given up
                return (ended.Candidate, result);
            }

            InVain.Add((ended.Candidate, ended.Asked));
            Failures.Add(result);
        }

        return null;
    }

    private Attempt Ask(TCandidate candidate, CancellationToken cancellationToken)
    {
        // Never disposed of: who was given up may still look at its token. It goes with the call's own source, to which it is linked.
        var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        return new Attempt(_asked++, candidate, time.Now(), attempt(candidate, giveUp.Token), giveUp);
    }

    private async Task MakeRoomAsync()
    {
        if (_running.Count == AtOnce)
        {
            var oldest = _running[0];
            _running.RemoveAt(0);
            InVain.Add((oldest.Candidate, oldest.Asked));
            await oldest.GiveUp.CancelAsync();
        }
    }

    private async Task<Attempt?> FirstEndedAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        using var delay = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var wait = Task.Delay(patience, time, delay.Token);
        var ended = await Task.WhenAny([.. _running.Select(r => (Task)r.Call), wait]);
        await delay.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
        return _running.Find(r => r.Call == ended);
    }

    private sealed record Attempt(int Number, TCandidate Candidate, TimeSpan Asked, Task<TResult> Call, CancellationTokenSource GiveUp);
}
