using System.Security.Cryptography;
using EtcdProbeExporter.Cli;
using EtcdProbeExporter.Configuration;
using EtcdProbeExporter.Monitoring;
using EtcdProbeExporter.Probing;
using EtcdProbeExporter.Status;
using Microsoft.Extensions.Logging.Abstractions;

namespace EtcdProbeExporter.Hosting;

/// <summary>The verb <c>check</c>: one round of probes against every cluster, told as a table or as JSON.</summary>
internal static class CheckRound
{
    /// <summary>Returns the exit code: 0 healthy, 1 something is wrong, 2 when certificate files cannot be used.</summary>
    public static async Task<int> RunAsync(
        ExporterConfiguration configuration, CheckOutput output, CliEnvironment environment, CancellationToken cancellationToken)
    {
        foreach (var cluster in configuration.Clusters)
        {
            if (EndpointLink.CredentialsObjection(cluster.Tls) is { } objection)
            {
                await environment.Error.WriteLineAsync($"error: cluster {cluster.Name}: {objection}");
                return ExitCode.Usage;
            }
        }

        using var progress = new CheckProgress(environment, configuration, TimeProvider.System);
        ClusterStatus[] statuses;
        try
        {
            statuses = await Task.WhenAll(configuration.Clusters.Select(c => CheckAsync(c, progress, cancellationToken)));
        }
        finally
        {
            progress.Clear();
        }

        if (output == CheckOutput.Json)
        {
            await environment.Output.WriteLineAsync(System.Text.Encoding.UTF8.GetString(StatusJson.Of(statuses)));
        }
        else
        {
            await environment.Output.WriteAsync(string.Join('\n', statuses.Select(s => StatusText.Of(s, environment.OutputHasColour))));
        }

        return statuses.All(s => s.IsHealthy) ? ExitCode.Success : ExitCode.Failure;
    }

    private static async Task<ClusterStatus> CheckAsync(ClusterConfiguration cluster, CheckProgress progress, CancellationToken cancellationToken)
    {
        // A watch is told of puts over minutes; one round has no use for it.
        var once = cluster with { Probe = cluster.Probe with { Watch = false } };
        using var monitor = new ClusterMonitor(
            once,
            BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(sizeof(uint))),
            static _ => new ProbeListener(static _ => { }, static () => { }),
            static _ => { },
            TimeProvider.System,
            NullLogger.Instance); // findings tell what a log would
        return ClusterStatus.Of(await monitor.CheckAsync(progress.Ended, cancellationToken));
    }
}
