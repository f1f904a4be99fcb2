using EtcdProbeExporter.Supervision;

namespace EtcdProbeExporter.Probing.Schedule;

/// <summary>
/// Loops that run together, and that may come and go while they do. One that throws is reported and started again after a pause; the others
/// do not notice.
/// </summary>
internal sealed class LoopGroup(TimeProvider time)
{
    /// <summary>Between the end of a loop by a defect and its next start: a defect that is there at once must not spin.</summary>
    private static readonly TimeSpan PauseAfterDefect = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly List<Loop> _loops = [];
    private CancellationTokenSource? _running;

    /// <summary>Adds a loop; it starts with the group, or at once when that runs already. It may end by itself.</summary>
    public Loop Add(SupervisedPart part, Func<CancellationToken, Task> body) => Add(new Loop(part, body, isRestarted: true));

    /// <summary>Adds something that is done once: a defect ends it.</summary>
    public Loop AddOnce(SupervisedPart part, Func<CancellationToken, Task> body) => Add(new Loop(part, body, isRestarted: false));

    private Loop Add(Loop loop)
    {
        lock (_lock)
        {
            _loops.Add(loop);
            if (_running is { } running)
            {
                loop.Task = RunAsync(loop, running.Token);
            }
        }

        return loop;
    }

    /// <summary>Runs until cancelled. All loops have ended then.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var running = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        lock (_lock)
        {
            _running = running;
            foreach (var loop in _loops.ToList())
            {
                loop.Task = RunAsync(loop, running.Token);
            }
        }

        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken);
        }
        finally
        {
            List<Loop> left;
            lock (_lock)
            {
                _running = null;
                left = [.. _loops];
            }

            await running.CancelAsync();
            await Task.WhenAll(left.Select(l => l.Task));
        }
    }

    private async Task RunAsync(Loop loop, CancellationToken stopping)
    {
        await Task.Yield(); // the lock of the caller must not be held by the body
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(stopping, loop.Stopping);
        try
        {
            while (!await EndsWellAsync(loop, linked.Token) && loop.IsRestarted)
            {
                await Task.Delay(PauseAfterDefect, time, linked.Token);
            }
        }
        catch (OperationCanceledException) when (linked.IsCancellationRequested)
        {
            // the group, or this loop, is stopped
        }
        finally
        {
            lock (_lock)
            {
                _loops.Remove(loop);
            }

            loop.Dispose();
        }
    }

    private static async Task<bool> EndsWellAsync(Loop loop, CancellationToken cancellationToken)
    {
        try
        {
            await loop.Body(cancellationToken);
            return true;
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            loop.Part.Failed(e);
            return false;
        }
    }

    /// <summary>One loop of a group, which disposes it when it has ended.</summary>
    internal sealed class Loop(SupervisedPart part, Func<CancellationToken, Task> body, bool isRestarted) : IDisposable
    {
        private readonly Lock _lock = new();
        private readonly CancellationTokenSource _stop = new();
        private bool _ended;

        internal SupervisedPart Part { get; } = part;

        internal Func<CancellationToken, Task> Body { get; } = body;

        internal bool IsRestarted { get; } = isRestarted;

        internal CancellationToken Stopping => _stop.Token;

        internal Task Task { get; set; } = Task.CompletedTask;

        /// <summary>Ends this loop alone, and waits for its end.</summary>
        public Task StopAsync()
        {
            lock (_lock)
            {
                if (!_ended)
                {
                    _stop.Cancel();
                }
            }

            return Task;
        }

        public void Dispose()
        {
            lock (_lock)
            {
                _ended = true;
                _stop.Dispose();
            }
        }
    }
}
