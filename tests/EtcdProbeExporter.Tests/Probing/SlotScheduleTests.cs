using EtcdProbeExporter.Probing.Schedule;

namespace EtcdProbeExporter.Tests.Probing;

public sealed class SlotScheduleTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.2)]
    [InlineData(0.999)]
    public void Slots_lie_at_the_phase_behind_multiples_of_the_interval_and_the_first_is_at_most_one_interval_away(double phase)
    {
        var time = new ManualTime();
        time.Advance(TimeSpan.FromMilliseconds(1234));

        var schedule = SlotSchedule.Create(time, Interval, phase);

        var expected = (long)(Interval.Ticks * phase);
        (schedule.At(0) % Interval.Ticks).Should().BeCloseTo(expected, 1);
        (schedule.At(7) - schedule.At(0)).Should().Be(7 * Interval.Ticks);
        (schedule.At(0) - time.GetTimestamp()).Should().BeInRange(0, Interval.Ticks);
    }

    [Fact]
    public void A_phase_depends_on_the_text_only_and_neighbouring_endpoints_are_spread()
    {
        var phases = Enumerable.Range(0, 100).Select(i => SlotSchedule.PhaseOf($"default/10.0.0.{i}:2379")).ToList();

        SlotSchedule.PhaseOf("default/10.0.0.7:2379").Should().Be(phases[7]);
        phases.Should().OnlyContain(p => p >= 0 && p < 1);
        phases.GroupBy(p => (int)(p * 10)).Should().HaveCount(10, "every tenth of the interval has some of 100 endpoints");
    }
}
