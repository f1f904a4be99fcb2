using EtcdProbeExporter.MemberMetrics;

namespace EtcdProbeExporter.Tests.MemberMetrics;

public sealed class FetchTurnsTests
{
    private readonly FetchTurns _turns = new();

    [Fact]
    public async Task A_member_is_asked_by_one_at_a_time_and_others_wait()
    {
        var first = await TakeAsync("a");
        var second = _turns.TakeAsync("a", CancellationToken.None);

        second.IsCompleted.Should().BeFalse();
        first!.Dispose();
        (await second)!.Dispose();
    }

    [Fact]
    public async Task Members_do_not_wait_for_each_other()
    {
        using var first = await TakeAsync("a");
        using var other = await TakeAsync("b");

        other.Should().NotBeNull();
    }

    [Fact]
    public async Task More_than_a_few_are_turned_away_until_somebody_leaves()
    {
        var first = await TakeAsync("a");
        using var impatient = new CancellationTokenSource();
        var waiting = Enumerable.Range(0, FetchTurns.MostWaiting).Select(_ => _turns.TakeAsync("a", impatient.Token)).ToList();

        (await TakeAsync("a")).Should().BeNull();

        await impatient.CancelAsync();
        foreach (var one in waiting)
        {
            await FluentActions.Awaiting(() => one).Should().ThrowAsync<OperationCanceledException>();
        }

        var next = _turns.TakeAsync("a", CancellationToken.None);
        first!.Dispose();
        (await next).Should().NotBeNull("who gave up waiting takes no place");
    }

    [Fact]
    public async Task Many_threads_never_meet()
    {
        var inside = 0;
        var most = 0;
        var served = 0;
        await Parallel.ForEachAsync(Enumerable.Range(0, 2000), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (_, token) =>
        {
            using var turn = await _turns.TakeAsync("a", token);
            if (turn is not null)
            {
                most = Math.Max(most, Interlocked.Increment(ref inside));
                await Task.Yield();
                Interlocked.Decrement(ref inside);
                Interlocked.Increment(ref served);
            }
        });

        most.Should().Be(1);
        served.Should().BePositive();
    }

    private Task<IDisposable?> TakeAsync(string member) => _turns.TakeAsync(member, CancellationToken.None);
}
