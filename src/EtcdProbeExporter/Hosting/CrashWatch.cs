namespace EtcdProbeExporter.Hosting;

/// <summary>Ends the process when the probes end by a defect: it must not go on serving numbers that no longer move.</summary>
internal sealed partial class CrashWatch(ClusterSet clusters, IHostApplicationLifetime lifetime, ILogger logger)
{
    /// <summary>Whether a defect ended the probes.</summary>
    public bool Crashed { get; private set; }

    /// <summary>Runs until <paramref name="stopping"/>.</summary>
    public async Task WatchAsync(CancellationToken stopping)
    {
        try
        {
            await clusters.Crashed.WaitAsync(stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // told to stop
        }
        catch (Exception e)
        {
            Crashed = true;
            Log.Crashed(logger, e);
            lifetime.StopApplication();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(201, LogLevel.Critical, "probing stopped because of a defect, the exporter exits")]
        public static partial void Crashed(ILogger logger, Exception exception);
    }
}
