using EtcdProbeExporter.Probing.Cluster;

namespace EtcdProbeExporter.Tests.Probing;

public sealed class HedgedCallTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly ManualTime _time = new();
    private readonly List<int> _asked = [];
    private HedgedCall<int, int>? _call;

    [Fact]
    public async Task The_first_candidate_alone_is_asked_when_it_answers()
    {
        var results = await RunAsync(3, (i, _) => Task.FromResult(i));

        results.Should().Equal(0);
        _asked.Should().Equal(0);
    }

    [Fact]
    public async Task A_failure_moves_on_at_once()
    {
        var results = await RunAsync(3, (i, _) => Task.FromResult(i == 2 ? 2 : -1));

        results.Should().Equal(2);
        _asked.Should().Equal(0, 1, 2);
    }

    [Fact]
    public async Task A_silent_candidate_is_left_behind_after_a_while_and_given_up_when_another_succeeds()
    {
        var silentCancelled = new TaskCompletionSource();
        var run = RunAsync(2, async (i, token) =>
        {
            if (i == 1)
            {
                return 1;
            }

            token.Register(silentCancelled.SetResult);
            await Task.Delay(Timeout.Infinite, token);
            return -1;
        });
        await Condition.EventuallyAsync(() => _time.Waiting > 0, "waits for the silent candidate");
        _asked.Should().Equal(0);

        _time.Advance(Patience);

        (await run.WaitAsync(TimeSpan.FromSeconds(10))).Should().Equal(1);
        _asked.Should().Equal(0, 1);
        await silentCancelled.Task.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_silent_candidate_may_still_win()
    {
        var slow = new TaskCompletionSource<int>();
        var run = RunAsync(2, (i, _) => i == 0 ? slow.Task : Task.FromResult(-1));
        await Condition.EventuallyAsync(() => _time.Waiting > 0, "waits for the silent candidate");
        _time.Advance(Patience);

        slow.SetResult(7);

        (await run.WaitAsync(TimeSpan.FromSeconds(10))).Should().Equal(7);
    }

    [Fact]
    public async Task Every_failure_is_told_when_nobody_succeeds()
    {
        var results = await RunAsync(3, (i, _) => Task.FromResult(-1 - i));

        results.Should().Equal(-1, -2, -3);
    }

    [Fact]
    public async Task Cancellation_throws()
    {
        using var stop = new CancellationTokenSource();
        var run = RunAsync(1, async (_, token) =>
        {
            await Task.Delay(Timeout.Infinite, token);
            return 0;
        }, stop.Token);

        await stop.CancelAsync();

        var act = () => run.WaitAsync(TimeSpan.FromSeconds(10));
        await act.Should().ThrowAsync<OperationCanceledException>();
    }

    [Fact]
    public async Task No_more_than_two_others_are_asked_at_once_and_the_oldest_is_given_up_for_the_next()
    {
        var givenUp = new List<int>();
        var run = RunAsync(6, async (i, token) =>
        {
            if (i == 4)
            {
                return 4;
            }

            token.Register(() => givenUp.Add(i));
            await Task.Delay(Timeout.Infinite, token);
            return -1;
        });
        for (var asked = 1; asked < 5; asked++)
        {
            await Condition.EventuallyAsync(() => _asked.Count == asked && _time.Waiting > 0, "waits for the silent candidate");
            givenUp.Should().HaveCount(Math.Max(0, asked - 3));
            _time.Advance(Patience);
        }

        (await run.WaitAsync(TimeSpan.FromSeconds(10))).Should().Equal(4);
        givenUp.Should().StartWith([0, 1]).And.HaveCount(4);
        _call!.InVain.Select(v => v.Candidate).Should().BeEquivalentTo([0, 1, 2, 3]);
    }

    [Fact]
    public async Task Of_those_asked_after_the_one_that_served_nothing_is_said()
    {
        var slow = new TaskCompletionSource<int>();
        var run = RunAsync(3, (i, _) => i == 1 ? slow.Task : new TaskCompletionSource<int>().Task);
        for (var asked = 1; asked < 3; asked++)
        {
            await Condition.EventuallyAsync(() => _asked.Count == asked && _time.Waiting > 0, "waits for the silent candidate");
            _time.Advance(Patience);
        }

        slow.SetResult(1);

        (await run.WaitAsync(TimeSpan.FromSeconds(10))).Should().Equal(1);
        _asked.Should().Equal(0, 1, 2);
        _call!.InVain.Select(v => v.Candidate).Should().Equal(0);
    }

    [Fact]
    public async Task Who_is_silent_when_time_is_up_was_asked_in_vain()
    {
        using var stop = new CancellationTokenSource();
        var run = RunAsync(1, (_, _) => new TaskCompletionSource<int>().Task, stop.Token);

        await stop.CancelAsync();

        await run.Invoking(r => r.WaitAsync(TimeSpan.FromSeconds(10))).Should().ThrowAsync<OperationCanceledException>();
        _call!.InVain.Select(v => v.Candidate).Should().Equal(0);
    }

    /// <summary>The success, or every failure.</summary>
    private async Task<IReadOnlyList<int>> RunAsync(
        int candidates, Func<int, CancellationToken, Task<int>> attempt, CancellationToken cancellationToken = default)
    {
        _call = new HedgedCall<int, int>(
            (i, token) =>
            {
                _asked.Add(i);
                return attempt(i, token);
            },
            result => result >= 0,
            _time);
        return await _call.RunAsync(Enumerable.Range(0, candidates), Patience, cancellationToken) is var (_, result)
            ? [result]
            : _call.Failures;
    }
}
