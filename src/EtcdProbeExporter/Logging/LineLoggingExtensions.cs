using EtcdProbeExporter.Configuration;

namespace EtcdProbeExporter.Logging;

internal static class LineLoggingExtensions
{
    /// <summary>
    /// Makes lines on the given writer the only log. What the framework has to say below a warning is noise to an operator.
    /// </summary>
    public static ILoggingBuilder UseLineLogging(this ILoggingBuilder logging, LogConfiguration configuration, TextWriter output, TimeProvider time)
    {
        logging.ClearProviders();
        logging.SetMinimumLevel(configuration.Level);
        logging.AddFilter("Microsoft", configuration.Level > LogLevel.Warning ? configuration.Level : LogLevel.Warning);
        logging.AddProvider(new LineLoggerProvider(output, configuration, time));
        return logging;
    }
}
