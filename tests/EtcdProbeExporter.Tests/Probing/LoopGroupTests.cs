using EtcdProbeExporter.Probing;

namespace EtcdProbeExporter.Tests.Probing;

public sealed class LoopGroupTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _stop = new();
    private readonly LoopGroup _group = new();

    [Fact]
    public async Task A_defect_in_one_loop_ends_the_others_and_is_thrown()
    {
        var ended = new TaskCompletionSource();
        _group.Add(token => UntilCancelled(ended, token));
        _group.Add(_ => Task.FromException(new InvalidOperationException("defect")));

        var act = () => _group.RunAsync(_stop.Token).WaitAsync(Deadline);

        await act.Should().ThrowAsync<InvalidOperationException>().WithMessage("defect");
        ended.Task.IsCompleted.Should().BeTrue();
    }

    [Fact]
    public async Task Cancelling_waits_for_every_loop()
    {
        var ended = new TaskCompletionSource();
        _group.Add(token => UntilCancelled(ended, token));
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
        await _group.Add(_ => Task.CompletedTask).StopAsync().WaitAsync(Deadline);

        var late = _group.Add(token =>
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
