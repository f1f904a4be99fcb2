using System.Security.Cryptography;
using EtcdProbeExporter.Cli;
using EtcdProbeExporter.Configuration;
using EtcdProbeExporter.Credentials;
using EtcdProbeExporter.Monitoring;
using EtcdProbeExporter.Probing;
using EtcdProbeExporter.Probing.Operations;
using EtcdProbeExporter.Status;
using EtcdProbeExporter.Supervision;
using Microsoft.Extensions.Logging.Abstractions;

namespace EtcdProbeExporter.Hosting;

/// <summary>The verb <c>check</c>: one round of probes against every cluster, printed as a table or as JSON.</summary>
internal static class CheckRound
{
    /// <summary>Returns the exit code: 0 healthy, 1 something is wrong, 2 when certificate files cannot be used.</summary>
    public static async Task<int> RunAsync(
        ExporterConfiguration configuration, CliEnvironment environment, CancellationToken cancellationToken)
    {
        var clusters = new List<ClusterContext>();
        foreach (var cluster in configuration.Clusters)
        {
            var (credentials, objection) = ClusterCredentials.Open(cluster, NullLogger.Instance);
            if (credentials is null)
            {
                await environment.Error.WriteLineAsync($"error: cluster {cluster.Name}: {objection}");
                return ExitCode.Usage;
            }

            clusters.Add(ContextOf(cluster, credentials, environment.Time));
        }

        using var progress = new CheckProgress(environment, configuration, environment.Time);
        ClusterStatus[] statuses;
        try
        {
            statuses = await Task.WhenAll(clusters.Select(c => CheckAsync(c, progress, cancellationToken)));
        }
        finally
        {
            progress.Clear();
        }

        if (configuration.Check.Output == CheckOutput.Json)
        {
            await environment.Output.WriteLineAsync(System.Text.Encoding.UTF8.GetString(StatusJson.Of(statuses)));
        }
        else
        {
            await environment.Output.WriteAsync(string.Join('\n', statuses.Select(s => StatusText.Of(s, environment.OutputHasColour))));
        }

        return statuses.All(s => s.IsHealthy) ? ExitCode.Success : ExitCode.Failure;
    }

    private static ClusterContext ContextOf(ClusterConfiguration cluster, ClusterCredentials credentials, TimeProvider time) => new()
    {
        // A watch gets its events over minutes; one round has no use for it.
        Configuration = cluster with { Probe = cluster.Probe with { Watch = false } },
        Credentials = credentials,
        Exporter = BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(sizeof(uint))),
        Time = time,
        Logger = NullLogger.Instance, // findings say what a log would
        Errors = new InternalErrors(time, NullLogger.Instance),
    };

    private static async Task<ClusterStatus> CheckAsync(ClusterContext cluster, CheckProgress progress, CancellationToken cancellationToken)
    {
        using var monitor = new ClusterMonitor(cluster, new Unrecorded());
        return ClusterStatus.Of(await monitor.CheckAsync(progress.Ended, cancellationToken));
    }

    /// <summary>One round is read from its report; nothing counts.</summary>
    private sealed class Unrecorded : IMonitorSink
    {
        public void Opened(EndpointAddress endpoint)
        {
        }

        public void Report(EndpointAddress? endpoint, ProbeEvent happened)
        {
        }

        public void Report(RoundOutcome round)
        {
        }

        public void Closed(EndpointAddress endpoint)
        {
        }
    }
}
