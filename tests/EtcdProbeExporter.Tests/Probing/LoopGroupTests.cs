using EtcdProbeExporter.Probing.Schedule;
using EtcdProbeExporter.Supervision;
using EtcdProbeExporter.Tests.Supervision;

namespace EtcdProbeExporter.Tests.Probing;

public sealed class LoopGroupTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _stop = new();
    private readonly InternalErrors _errors = TestParts.Errors();
    private readonly ManualTime _time = new();
    private readonly LoopGroup _group;

    public LoopGroupTests() => _group = new LoopGroup(_time);

    private SupervisedPart Part => TestParts.Part(_errors);

    [Fact]
    public async Task A_loop_that_ends_by_a_defect_starts_again_after_a_pause_and_the_others_do_not_notice()
    {
        var ended = new TaskCompletionSource();
        var starts = 0;
        _group.Add(Part, token => UntilCancelled(ended, token));
        _group.Add(Part, token => ++starts < 3 ? throw new InvalidOperationException("defect") : UntilCancelled(new TaskCompletionSource(), token));
        var running = _group.RunAsync(_stop.Token);

        for (var i = 1; i <= 2; i++)
        {
            await Condition.EventuallyAsync(() => _errors.Count(ExporterPart.Probe) == i && _time.Waiting == 1, $"defect {i} is reported, and it pauses");
            starts.Should().Be(i);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        await Condition.EventuallyAsync(() => starts == 3, "it runs again");
        ended.Task.IsCompleted.Should().BeFalse();
        await _stop.CancelAsync();
        var act = () => running.WaitAsync(Deadline);
        await act.Should().ThrowAsync<OperationCanceledException>();
        _errors.Count(ExporterPart.Probe).Should().Be(2);
    }

    [Fact]
    public async Task What_is_done_once_is_not_done_again_after_a_defect()
    {
        _ = _group.RunAsync(_stop.Token);
        var starts = 0;

        _group.AddOnce(Part, _ => ++starts > 0 ? throw new InvalidOperationException("defect") : Task.CompletedTask);
        await Condition.EventuallyAsync(() => _errors.Count(ExporterPart.Probe) == 1, "it has failed");

        _time.Waiting.Should().Be(0, "nothing waits for another start");
        starts.Should().Be(1);
    }

    [Fact]
    public async Task Cancelling_waits_for_every_loop()
    {
        var ended = new TaskCompletionSource();
        _group.Add(Part, token => UntilCancelled(ended, token));
        var running = _group.RunAsync(_stop.Token);

        await _stop.CancelAsync();

        var act = () => running.WaitAsync(Deadline);
        await act.Should().ThrowAsync<OperationCanceledException>();
        ended.Task.IsCompleted.Should().BeTrue();
    }

    [Fact]
    public async Task A_loop_may_join_and_leave_while_the_group_runs_and_may_end_by_itself()
    {
        var running = _group.RunAsync(_stop.Token);
        var (started, ended) = (new TaskCompletionSource(), new TaskCompletionSource());
        await _group.Add(Part, _ => Task.CompletedTask).StopAsync().WaitAsync(Deadline);

        var late = _group.Add(Part, token =>
        {
            started.SetResult();
            return UntilCancelled(ended, token);
        });
        await started.Task.WaitAsync(Deadline);
        await late.StopAsync().WaitAsync(Deadline);

        ended.Task.IsCompleted.Should().BeTrue();
        running.IsCompleted.Should().BeFalse("the others go on");
        await late.StopAsync().WaitAsync(Deadline);
    }

    public void Dispose() => _stop.Dispose();

    private static async Task UntilCancelled(TaskCompletionSource ended, CancellationToken token)
    {
        try
        {
            await Task.Delay(Timeout.Infinite, token);
        }
        finally
        {
            ended.SetResult();
        }
    }
}
