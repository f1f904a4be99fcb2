using EtcdProbeExporter.Probing.Schedule;
using Xunit.Abstractions;

namespace EtcdProbeExporter.Tests.Probing;

/// <summary>How late slots are woken. The figures are for people; a busy machine may be late by anything.</summary>
public sealed class SlotTimerTests(ITestOutputHelper output)
{
    private static readonly TimeProvider Time = TimeProvider.System;

    [Fact]
    public async Task Nobody_is_woken_before_its_time()
    {
        var lags = await LagsAsync(due => SlotTimer.WaitUntilAsync(Time, due, CancellationToken.None));
        Print("SlotTimer", lags);
        Print("Task.Delay", await LagsAsync(due => Task.Delay(Math.Max(0, (int)Time.GetElapsedTime(Time.GetTimestamp(), due).TotalMilliseconds - 1))));

        lags.Should().OnlyContain(lag => lag >= 0);
    }

    [Fact]
    public async Task The_order_is_that_of_the_times_and_not_of_the_asking()
    {
        var now = Time.GetTimestamp();
        var late = SlotTimer.WaitUntilAsync(Time, now + (Time.TimestampFrequency * 60), CancellationToken.None);
        var soon = SlotTimer.WaitUntilAsync(Time, now + (Time.TimestampFrequency / 50), CancellationToken.None);

        await soon.WaitAsync(TimeSpan.FromSeconds(10));
        late.IsCompleted.Should().BeFalse();
    }

    [Fact]
    public async Task Waiting_can_be_given_up()
    {
        using var stop = new CancellationTokenSource();
        var waiting = SlotTimer.WaitUntilAsync(Time, Time.GetTimestamp() + (Time.TimestampFrequency * 60), stop.Token);
        await stop.CancelAsync();

        await FluentActions.Awaiting(() => waiting).Should().ThrowAsync<OperationCanceledException>();
    }

    private static async Task<List<double>> LagsAsync(Func<long, Task> waitUntil)
    {
        var lags = new List<double>();
        var due = Time.GetTimestamp();
        for (var i = 0; i < 100; i++)
        {
            due = Math.Max(due + (Time.TimestampFrequency / 87), Time.GetTimestamp());
            await waitUntil(due);
            lags.Add((Time.GetTimestamp() - due) * 1000.0 / Time.TimestampFrequency);
        }

        return lags;
    }

    private void Print(string what, List<double> lags)
    {
        var sorted = lags.Order().ToList();
        output.WriteLine(FormattableString.Invariant(
            $"{what}: min {sorted[0]:0.000}, p10 {sorted[10]:0.000}, p50 {sorted[50]:0.000}, p90 {sorted[90]:0.000}, max {sorted[^1]:0.000} ms"));
    }
}
