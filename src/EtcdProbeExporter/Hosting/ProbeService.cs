using EtcdProbeExporter.Monitoring;

namespace EtcdProbeExporter.Hosting;

/// <summary>Runs the probes of all clusters for as long as the process lives.</summary>
internal sealed partial class ProbeService(
    IReadOnlyList<ExposedCluster> clusters, IHostApplicationLifetime lifetime, ILogger<ProbeService> logger) : BackgroundService
{
    /// <summary>A defect ended the probes: the process must not go on serving numbers that no longer move.</summary>
    public bool Crashed { get; private set; }

    /// <summary>One round of every cluster is done, well or not.</summary>
    public bool Ready => clusters.All(c => c.Monitor.RoundDone);

    public IEnumerable<ClusterReport> Reports() => clusters.Select(c => c.Monitor.Report());

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            var running = clusters.Select(c => c.Monitor.RunAsync(stoppingToken)).ToList();
            await await Task.WhenAny(running); // none ends before it is told to, unless by a defect
            await Task.WhenAll(running);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // told to stop
        }
        catch (Exception e)
        {
            // .NET 10 would end the process with code 0 for an exception that escapes here.
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
