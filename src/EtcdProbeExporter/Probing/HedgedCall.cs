namespace EtcdProbeExporter.Probing;

/// <summary>
/// Asks candidates one after the other without waiting for a silent one: the next is asked when the one before failed, or said nothing for
/// a while. The first success ends it. Pure apart from the attempts and the clock.
/// </summary>
internal static class HedgedCall
{
    /// <returns>The first success, or else every result, in the order in which the attempts ended.</returns>
    public static async Task<IReadOnlyList<T>> RunAsync<T>(
        int candidates,
        Func<int, CancellationToken, Task<T>> attempt,
        Func<T, bool> succeeded,
        TimeSpan patience,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        using var losers = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var results = new List<T>();
        var running = new List<Task<T>>();
        var next = 0;
        while (true)
        {
            if (next < candidates)
            {
                running.Add(attempt(next++, losers.Token));
            }

            using var delay = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var wait = next < candidates ? Task.Delay(patience, time, delay.Token) : Task.Delay(Timeout.InfiniteTimeSpan, time, delay.Token);
            var ended = await Task.WhenAny([.. running, wait]);
            await delay.CancelAsync();
            cancellationToken.ThrowIfCancellationRequested();
            if (ended is not Task<T> answered)
            {
                continue;
            }

            running.Remove(answered);
            var result = await answered;
            if (succeeded(result))
            {
                await losers.CancelAsync(); // their connections stay; only these calls are given up
                return [result];
            }

            results.Add(result);
            if (running.Count == 0 && next == candidates)
            {
                return results;
            }
        }
    }
}
