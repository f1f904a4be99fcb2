using EtcdProbeExporter.Configuration;
using EtcdProbeExporter.Instrumentation;
using EtcdProbeExporter.Supervision;

namespace EtcdProbeExporter.Hosting;

/// <summary>Reads the configuration again, one at a time. A bad one keeps the old in force and says why.</summary>
internal sealed partial class Reloading(
    Func<ConfigurationResult> load, ClusterSet clusters, ProductMetrics metrics, InternalErrors errors, ILogger logger) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);

    /// <summary>Returns every reason why the old configuration stays in force; none: the new one is.</summary>
    public async Task<IReadOnlyList<string>> ReloadAsync()
    {
        await _gate.WaitAsync();
        try
        {
            var objections = await ApplyAsync();
            metrics.ConfigurationLoaded(accepted: objections.Count == 0);
            foreach (var objection in objections)
            {
                Log.Refused(logger, objection);
            }

            if (objections.Count == 0)
            {
                Log.Reloaded(logger, clusters.Configurations.Count);
            }

            return objections;
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private async Task<IReadOnlyList<string>> ApplyAsync()
    {
        try
        {
            var result = load();
            return !result.IsValid ? [.. result.Errors.Select(e => e.ToString())]
                : await clusters.ApplyAsync(result.Configuration.Clusters) is { } objection ? [objection]
                : [];
        }
        catch (Exception e)
        {
            errors.Report(ExporterPart.Reload, "reload of the configuration", e);
            return [$"a defect of the exporter, see its log: {e.GetType().Name}"];
        }
    }

    private static partial class Log
    {
        [LoggerMessage(205, LogLevel.Information, "configuration reloaded, {Clusters} clusters; flags of web and log take effect at the next start")]
        public static partial void Reloaded(ILogger logger, int clusters);

        [LoggerMessage(206, LogLevel.Error, "configuration not reloaded, the old one stays in force: {Error}")]
        public static partial void Refused(ILogger logger, string error);
    }
}
