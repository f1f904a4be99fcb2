using System.Globalization;
using EtcdProbeExporter.Configuration;

namespace EtcdProbeExporter.Logging;

/// <summary>
/// Writes one line per entry. All loggers share one lock, so lines never mix; a writer that fails never fails the program.
/// </summary>
internal sealed class LineLoggerProvider(TextWriter output, LogConfiguration configuration, TimeProvider time) : ILoggerProvider
{
    private readonly Lock _gate = new();

    public ILogger CreateLogger(string categoryName) => new LineLogger(categoryName, this);

    /// <summary>The writer belongs to the caller.</summary>
    public void Dispose()
    {
    }

    private void Write(LogLevel level, string category, string message, object? state, Exception? exception)
    {
        var timestamp = time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        var includeStack = configuration.Level <= LogLevel.Debug || level >= LogLevel.Error; // an exception that is an error is a defect
        var fields = LogEntryFields.Of(level, category, message, state, exception, includeStack);
        var line = configuration.Format == LogFormat.Json ? JsonLine.Format(timestamp, fields) : LogfmtLine.Format(timestamp, fields);
        lock (_gate)
        {
            try
            {
                output.Write(line + "\n");
                output.Flush();
            }
            catch (Exception exceptionOfWriter) when (exceptionOfWriter is IOException or ObjectDisposedException)
            {
                // Standard error may be a closed pipe; probing goes on, and there is no place left to say so.
            }
        }
    }

    private sealed class LineLogger(string category, LineLoggerProvider provider) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None && logLevel >= provider.MinimumLevel;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                provider.Write(logLevel, category, formatter(state, exception), state, exception);
            }
        }
    }

    private LogLevel MinimumLevel => configuration.Level;
}

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
