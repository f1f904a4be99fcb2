using System.Diagnostics;

namespace EtcdProbeExporter.Harness;

internal static class Condition
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Looks again and again until <paramref name="holds"/>; returns what was seen then. Fails with what was seen last.</summary>
    public static async Task<T> EventuallyAsync<T>(Func<Task<T>> look, Func<T, bool> holds, TimeSpan deadline, string what)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            var seen = await look();
            if (holds(seen))
            {
                return seen;
            }

            if (waited.Elapsed > deadline)
            {
                throw new TimeoutException($"not within {deadline.TotalSeconds} s: {what}. Last seen: {seen}");
            }

            await Task.Delay(Pause);
        }
    }

    public static Task EventuallyAsync(Func<Task<bool>> holds, TimeSpan deadline, string what) => EventuallyAsync(holds, h => h, deadline, what);

    /// <summary>Looks again and again for a while and asserts each time.</summary>
    public static async Task ThroughoutAsync(TimeSpan duration, Func<Task> assert)
    {
        var waited = Stopwatch.StartNew();
        while (waited.Elapsed < duration)
        {
            await assert();
            await Task.Delay(Pause);
        }
    }
}
