using EtcdProbeExporter.Configuration;
using EtcdProbeExporter.Instrumentation;

namespace EtcdProbeExporter.Hosting;

/// <summary>Reads the configuration again, one at a time. A bad one keeps the old in force and says why.</summary>
internal sealed partial class Reloading(
    Func<ConfigurationResult> load, ClusterSet clusters, ProductMetrics metrics, TimeProvider time, ILogger logger) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);

    /// <summary>Returns every reason why the old configuration stays in force; none: the new one is.</summary>
    public async Task<IReadOnlyList<string>> ReloadAsync()
    {
        await _gate.WaitAsync();
        try
        {
            var result = load();
            var errors = result.IsValid
                ? (await clusters.ApplyAsync(result.Configuration.Clusters) is { } objection ? [objection] : Array.Empty<string>())
                : [.. result.Errors.Select(e => e.ToString())];
            metrics.ConfigurationLoaded(errors.Length == 0 ? time.GetUtcNow() : null);
            foreach (var error in errors)
            {
                Log.Refused(logger, error);
            }

            if (errors.Length == 0)
            {
                Log.Reloaded(logger, result.Configuration!.Clusters.Count);
            }

            return errors;
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private static partial class Log
    {
        [LoggerMessage(205, LogLevel.Information, "configuration reloaded, {Clusters} clusters; flags of web and log take effect at the next start")]
        public static partial void Reloaded(ILogger logger, int clusters);

        [LoggerMessage(206, LogLevel.Error, "configuration not reloaded, the old one stays in force: {Error}")]
        public static partial void Refused(ILogger logger, string error);
    }
}
