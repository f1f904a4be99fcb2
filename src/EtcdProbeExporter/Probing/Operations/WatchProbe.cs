using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Etcd.Protos;
using EtcdProbeExporter.Grpc;
using EtcdProbeExporter.Probing.Schedule;
using EtcdProbeExporter.Supervision;
using Google.Protobuf;

namespace EtcdProbeExporter.Probing.Operations;

/// <param name="Timeout">Until when an event counts as delivered, from its put on; and for opening the stream.</param>
/// <param name="Pause">Between the end of a stream and the next try.</param>
internal readonly record struct WatchPace(TimeSpan Timeout, TimeSpan Pause);

/// <summary>
/// Watches the cluster's probe key through one endpoint, and measures from a cluster put being sent to its event being here, on one clock.
/// Every acknowledged cluster put makes one event due on every endpoint; one that is not here within the timeout has failed, for the reason
/// why the stream is down, or <c>timeout</c> when it is open and silent. The stream is opened again after any end, from the revision behind
/// the last one seen, so a reconnect loses nothing; after a compaction from where the history still goes on.
/// </summary>
/// <param name="key">What is watched.</param>
/// <param name="pace">How long is waited for what.</param>
/// <param name="target">Through whom.</param>
/// <param name="part">Gets unforeseen exceptions.</param>
/// <param name="time">The clock.</param>
internal sealed class WatchProbe(ByteString key, WatchPace pace, IProbeTarget target, SupervisedPart part, TimeProvider time)
{
    /// <summary>Events that came before the put was acknowledged are kept until it is; no put is under way for longer than this many.</summary>
    private const int KeptArrivals = 64;

    private readonly Lock _lock = new();
    private readonly OperationState _state = new(ProbeOperation.Watch, time);
    private readonly Dictionary<long, TaskCompletionSource<TimeSpan>> _expected = [];
    private readonly Queue<(long Revision, TimeSpan At)> _arrivals = new();
    private long _nextRevision;
    private ProbeOutcome? _down = new ProbeOutcome(FailureReason.Unavailable, "the watch is not open yet", null);

    public OperationSnapshot Snapshot() => _state.Snapshot();

    /// <summary>
    /// One life of the stream on one connection; returns when it ends, for whatever reason, after a pause that keeps a refusing server from
    /// being hammered. Throws only when cancelled.
    /// </summary>
    public async Task WatchAsync(EtcdClient client, CancellationToken cancellationToken)
    {
        try
        {
            await OpenAndReadAsync(client, cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            part.Failed(e);
            Down(ProbeOutcome.Defect(e));
        }

        await Task.Delay(pace.Pause, time, cancellationToken);
    }

    /// <summary>A cluster put was acknowledged at <paramref name="revision"/>: its event is due here.</summary>
    public async Task ExpectAsync(long revision, TimeSpan sent, CancellationToken cancellationToken)
    {
        if (!target.IsDue(ProbeOperation.Watch))
        {
            return;
        }

        var arrival = Arrival(revision);
        _state.Begin(ToTimestamp(sent));
        ProbeOutcome outcome;
        TimeSpan waited;
        try
        {
            var left = pace.Timeout - (time.Now() - sent);
            waited = await arrival.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, time, cancellationToken) - sent;
            outcome = new ProbeOutcome(null, "", null);
        }
        catch (TimeoutException)
        {
            lock (_lock)
            {
                waited = time.Now() - sent;
                _expected.Remove(revision);
                outcome = _down ?? new ProbeOutcome(FailureReason.Timeout, FormattableString.Invariant($"no event within {pace.Timeout.TotalSeconds:0.###} s"), null);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            _state.Abandon();
            throw;
        }

        var span = new CallSpan(ToTimestamp(sent), ToTimestamp(sent + waited));
        if (Pauses.Of(time).Spoils(span, outcome.Failure == FailureReason.Timeout))
        {
            _state.Abandon();
            target.Report(new ProbeEvent.Skipped(ProbeOperation.Watch, SkipReason.Paused));
            return;
        }

        var result = outcome.ToResult(ProbeOperation.Watch, span, time);
        var verdictChanged = _state.End(result);
        target.Report(new ProbeEvent.Finished(result));
        if (verdictChanged)
        {
            target.Changed(result);
        }
    }

    private async Task OpenAndReadAsync(EtcdClient client, CancellationToken cancellationToken)
    {
        var opened = await client.WatchAsync(key, _nextRevision, pace.Timeout, cancellationToken);
        if (!opened.IsOk)
        {
            Down(opened.Failure);
            return;
        }

        await using var stream = opened.Message;
        await ReadAsync(stream, cancellationToken);
    }

    private async Task ReadAsync(GrpcStream<WatchResponse> stream, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await stream.ReadAsync(cancellationToken);
            if (!read.IsOk)
            {
                Down(read.Failure);
                return;
            }

            var message = read.Message;
            if (message.Canceled)
            {
                // Compaction took the revisions that we wanted: what is left of the history begins there. Other refusals say why.
                _nextRevision = message.CompactRevision > 0 ? message.CompactRevision : _nextRevision;
                Down(WatchEnd.Why(message));
                return;
            }

            if (message.Created && message.Header?.Revision is { } revision && revision + 1 < _nextRevision)
            {
                GoBackTo(revision);
                return;
            }

            Deliver(message, time.Now());
        }
    }

    /// <summary>
    /// The member has not got as far as what we wait for: its cluster was restored from a snapshot and gives the same revisions again, which
    /// nobody would send us before it is past the last one seen. A member that only lags sends again what is known already, which does no harm.
    /// </summary>
    private void GoBackTo(long revision)
    {
        lock (_lock)
        {
            _nextRevision = revision + 1;
            _arrivals.Clear(); // of the history that was given up
            _down = new ProbeOutcome(FailureReason.Unavailable, FormattableString.Invariant($"the member is at revision {revision}, before the last event: watching again from there"), null);
        }
    }

    private void Deliver(WatchResponse message, TimeSpan now)
    {
        lock (_lock)
        {
            _down = null;
            if (message.Created && _nextRevision == 0 && message.Header is { } header)
            {
                _nextRevision = header.Revision + 1;
            }

            foreach (var revision in message.Events.Select(e => e.Kv?.ModRevision ?? 0))
            {
                _nextRevision = Math.Max(_nextRevision, revision + 1);
                if (_expected.Remove(revision, out var waiting))
                {
                    waiting.SetResult(now);
                    continue;
                }

                _arrivals.Enqueue((revision, now));
                if (_arrivals.Count > KeptArrivals)
                {
                    _arrivals.Dequeue();
                }
            }
        }
    }

    private Task<TimeSpan> Arrival(long revision)
    {
        lock (_lock)
        {
            foreach (var (arrived, at) in _arrivals)
            {
                if (arrived == revision)
                {
                    return Task.FromResult(at); // events may overtake the acknowledgement
                }
            }

            var waiting = new TaskCompletionSource<TimeSpan>(TaskCreationOptions.RunContinuationsAsynchronously);
            _expected[revision] = waiting;
            return waiting.Task;
        }
    }

    private void Down(GrpcFailure failure) => Down(new ProbeOutcome(FailureReasons.Classify(failure), failure.Detail, null));

    private void Down(ProbeOutcome why)
    {
        lock (_lock)
        {
            _down = why;
        }
    }

    private long ToTimestamp(TimeSpan span) => (long)(span.TotalSeconds * time.TimestampFrequency);
}
