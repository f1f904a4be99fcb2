namespace EtcdProbeExporter.Probing;

/// <summary>What is known of one operation on one endpoint. Written by its slot loop, read by scrapes on other threads.</summary>
internal sealed class OperationState(ProbeOperation operation, TimeProvider time)
{
    private const long NotRunning = long.MinValue;

    private readonly Lock _lock = new();
    private long _runningSince = NotRunning;
    private ProbeResult? _last;
    private DateTimeOffset? _lastSuccessAt;

    /// <param name="due">The slot's scheduled start: the age of a running probe counts from there, as its latency does.</param>
    public void Begin(long due)
    {
        lock (_lock)
        {
            _runningSince = due;
        }
    }

    /// <summary>The probe was given up by ourselves: nothing is known.</summary>
    public void Abandon()
    {
        lock (_lock)
        {
            _runningSince = NotRunning;
        }
    }

    /// <summary>Returns whether the verdict differs from the one before: success, or failure for a certain reason.</summary>
    public bool End(ProbeResult result)
    {
        lock (_lock)
        {
            _runningSince = NotRunning;
            var changed = _last is null ? !result.Succeeded : _last.Failure != result.Failure;
            _last = result;
            if (result.Succeeded)
            {
                _lastSuccessAt = result.EndedAt;
            }

            return changed;
        }
    }

    public OperationSnapshot Snapshot()
    {
        lock (_lock)
        {
            var age = _runningSince == NotRunning ? TimeSpan.Zero : time.GetElapsedTime(_runningSince);
            return new OperationSnapshot(operation, _last, _lastSuccessAt, age < TimeSpan.Zero ? TimeSpan.Zero : age);
        }
    }
}
