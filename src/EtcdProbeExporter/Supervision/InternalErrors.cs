namespace EtcdProbeExporter.Supervision;

/// <summary>
/// Where every unforeseen exception ends. It is a defect of this program, and the failure of one thing only: the probe, round, rotation or
/// request in which it was thrown. The way of such a failure:
/// <list type="number">
/// <item>What is foreseen (a peer that answers nonsense, a file that cannot be read) never throws beyond its edge: it is a value with a
/// reason. Only what nobody thought of comes here.</item>
/// <item>A probe's exception becomes the outcome <c>internal</c> of that slot (<c>Probing/Operations/OperationProbe</c>); every loop hands anything
/// else to <see cref="Report"/> and goes on with its next slot (<c>Probing/Schedule/SlotLoop</c>, <c>Probing/Schedule/LoopGroup</c>); a request is answered
/// with 500 (<c>Web/Routes</c>).</item>
/// <item><see cref="Report"/> counts it (<c>etcd_probe_exporter_internal_errors_total{where}</c>) and logs it with its stack when it is
/// new, then once a minute with the number of repetitions. The alert is <c>EtcdProbeInternalError</c>, a ticket.</item>
/// </list>
/// What ends the process is all in <c>Hosting/ExporterHost</c>: a signal (exit code 0), an address that cannot be listened on (1), a
/// configuration that is refused at start (2). Safe for use by many threads.
/// </summary>
internal sealed partial class InternalErrors(TimeProvider time, ILogger logger)
{
    /// <summary>Different defects that the log distinguishes; more share one entry per part, so that memory stays bounded.</summary>
    private const int MostKinds = 64;

    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<(ExporterPart, string), Repetition> _known = [];
    private readonly long[] _counts = new long[ExporterParts.All.Count];

    /// <summary>How many were reported for this part since the start.</summary>
    public long Count(ExporterPart where) => Volatile.Read(ref _counts[(int)where]);

    /// <param name="where">The part that failed.</param>
    /// <param name="what">What it was doing, for people: the endpoint, the path. No secrets.</param>
    /// <param name="exception">What was thrown.</param>
    public void Report(ExporterPart where, string what, Exception exception)
    {
        Interlocked.Increment(ref _counts[(int)where]);
        long repeated;
        lock (_lock)
        {
            var key = (where, _known.Count < MostKinds ? KindOf(exception) : "");
            if (_known.TryGetValue(key, out var last))
            {
                last.Times++;
                if (time.GetElapsedTime(last.LoggedAt) < Silence)
                {
                    return;
                }
            }
            else
            {
                _known[key] = last = new Repetition();
            }

            (repeated, last.Times, last.LoggedAt) = (last.Times, 0, time.GetTimestamp());
        }

        if (repeated == 0)
        {
            Log.First(logger, where.Label(), what, exception);
        }
        else
        {
            Log.Repeated(logger, where.Label(), what, repeated, exception.GetType().Name, exception.Message);
        }
    }

    // Its type and where it was thrown: the message may hold a port or a time and be another every time.
    private static string KindOf(Exception exception)
    {
        var stack = exception.StackTrace ?? "";
        var end = stack.IndexOf('\n', StringComparison.Ordinal);
        return $"{exception.GetType().FullName} {(end < 0 ? stack : stack[..end])}";
    }

    private sealed class Repetition
    {
        public long LoggedAt { get; set; }

        public long Times { get; set; }
    }

    private static partial class Log
    {
        [LoggerMessage(301, LogLevel.Error, "defect of the exporter in its {Where} ({What}); that one thing failed, everything else goes on")]
        public static partial void First(ILogger logger, string where, string what, Exception exception);

        [LoggerMessage(302, LogLevel.Error, "defect of the exporter in its {Where} ({What}), {Times} more times since it was last logged: {Type}: {Error}")]
        public static partial void Repeated(ILogger logger, string where, string what, long times, string type, string error);
    }
}
