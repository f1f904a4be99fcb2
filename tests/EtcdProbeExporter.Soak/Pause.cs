namespace EtcdProbeExporter.Soak;

internal static class Pause
{
    /// <summary>Whether the time passed before the run ended.</summary>
    public static async Task<bool> ForAsync(TimeSpan time, CancellationToken ended)
    {
        try
        {
            await Task.Delay(time, ended);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
