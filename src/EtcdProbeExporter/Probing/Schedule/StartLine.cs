namespace EtcdProbeExporter.Probing.Schedule;

/// <summary>
/// Where the endpoints of a cluster wait for each other before the first of them is written to: the one that answers first may be the one
/// that belongs to another cluster. Nobody waits long for a silent one.
/// </summary>
internal sealed class StartLine(int endpoints, TimeProvider time)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(500);

    private readonly TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _missing = endpoints;

    /// <summary>One has shown what it can without being written to.</summary>
    public void Arrive()
    {
        if (Interlocked.Decrement(ref _missing) <= 0)
        {
            _all.TrySetResult();
        }
    }

    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(_all.Task, Task.Delay(Longest, time, enough.Token));
        await enough.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }
}
