namespace EtcdProbeExporter.Probing;

/// <summary>
/// Loops that run together, and that may come and go while they do. The first that ends by a defect ends all of them: waiting for the
/// others, which never end, would hide it for ever.
/// </summary>
internal sealed class LoopGroup
{
    private readonly Lock _lock = new();
    private readonly List<Loop> _loops = [];
    private readonly TaskCompletionSource _defect = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenSource? _running;

    /// <summary>Adds a loop; it starts with the group, or at once when that runs already. It may end by itself.</summary>
    public Loop Add(Func<CancellationToken, Task> body)
    {
        var loop = new Loop(body);
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

    /// <summary>Runs until cancelled, or throws what the first defective loop threw. All loops have ended then.</summary>
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
            await _defect.Task.WaitAsync(cancellationToken);
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
            await loop.Body(linked.Token);
        }
        catch (OperationCanceledException) when (linked.IsCancellationRequested)
        {
            // told to stop
        }
        catch (Exception e)
        {
            _defect.TrySetException(e);
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

    /// <summary>One loop of a group, which disposes it when it has ended.</summary>
    internal sealed class Loop(Func<CancellationToken, Task> body) : IDisposable
    {
        private readonly Lock _lock = new();
        private readonly CancellationTokenSource _stop = new();
        private bool _ended;

        internal Func<CancellationToken, Task> Body { get; } = body;

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
