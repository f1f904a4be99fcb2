using System.Diagnostics;

namespace EtcdProbeExporter.Tests;

internal static class Condition
{
    /// <summary>Waits until something holds that other threads bring about; fails the test when it does not within ten seconds.</summary>
    public static async Task EventuallyAsync(Func<bool> holds, string what)
    {
        var waited = Stopwatch.StartNew();
        while (!holds())
        {
            if (waited.Elapsed > TimeSpan.FromSeconds(10))
            {
                throw new TimeoutException($"did not happen within 10 s: {what}");
            }

            await Task.Delay(5);
        }
    }
}
