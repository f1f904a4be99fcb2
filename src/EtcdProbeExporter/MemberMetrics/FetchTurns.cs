namespace EtcdProbeExporter.MemberMetrics;

/// <summary>
/// One fetch per member at a time: fifty scrapers at once must not load a member that answers one in ten seconds. A few may wait for their
/// turn, more are turned away. Safe for use by many threads.
/// </summary>
internal sealed class FetchTurns
{
    /// <summary>Two Prometheus servers and two people; what is more is a mistake or an attack.</summary>
    public const int MostWaiting = 4;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Queue> _queues = new(StringComparer.Ordinal);

    /// <summary>Waits for the turn; disposing what is returned ends it. Null when too many wait already.</summary>
    public async Task<IDisposable?> TakeAsync(string member, CancellationToken cancellationToken)
    {
        Queue queue;
        lock (_lock)
        {
            if (!_queues.TryGetValue(member, out queue!))
            {
                _queues[member] = queue = new Queue(this, member);
            }

            if (queue.Present > MostWaiting)
            {
                return null;
            }

            queue.Present++;
        }

        try
        {
            await queue.Gate.WaitAsync(cancellationToken);
        }
        catch
        {
            Leave(queue);
            throw;
        }

        return new Turn(queue);
    }

    private void Leave(Queue queue)
    {
        lock (_lock)
        {
            if (--queue.Present == 0)
            {
                _queues.Remove(queue.Member); // members come and go
                queue.Gate.Dispose();
            }
        }
    }

    private sealed class Queue(FetchTurns owner, string member)
    {
        public FetchTurns Owner { get; } = owner;

        public string Member { get; } = member;

        public SemaphoreSlim Gate { get; } = new(1, 1);

        /// <summary>The one whose turn it is and those who wait.</summary>
        public int Present { get; set; }
    }

    private sealed class Turn(Queue queue) : IDisposable
    {
        public void Dispose()
        {
            queue.Gate.Release();
            queue.Owner.Leave(queue);
        }
    }
}
