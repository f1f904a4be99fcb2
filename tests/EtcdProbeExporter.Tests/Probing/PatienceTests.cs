using EtcdProbeExporter.Probing.Cluster;

namespace EtcdProbeExporter.Tests.Probing;

public sealed class PatienceTests
{
    [Theory]
    [InlineData(5, 1000)]
    [InlineData(60, 1000)]
    [InlineData(2, 500)]
    [InlineData(0.3, 100)]
    public void Is_long_before_anything_is_known_and_leaves_time_for_others(double timeout, double expected) =>
        new Patience(TimeSpan.FromSeconds(timeout)).Now.Should().Be(TimeSpan.FromMilliseconds(expected));

    [Theory]
    [InlineData(1, 100)] // never below
    [InlineData(30, 100)]
    [InlineData(200, 200)]
    [InlineData(2400, 1000)] // never above: three times as long as that is the timeout
    public void Follows_what_answers_take(double served, double expected) =>
        After([.. Enumerable.Repeat(served, 60)]).Should().BeCloseTo(TimeSpan.FromMilliseconds(expected), TimeSpan.FromMilliseconds(1));

    [Fact]
    public void Is_that_of_RFC_6298()
    {
        After(200).Should().Be(TimeSpan.FromMilliseconds(200 + (4 * 100)));

        // RTTVAR = 3/4 * 100 + 1/4 * |200 - 280| = 95; SRTT = 7/8 * 200 + 1/8 * 280 = 210
        After(200, 280).Should().Be(TimeSpan.FromMilliseconds(210 + (4 * 95)));
    }

    [Fact]
    public void One_slow_answer_makes_it_patient_and_quick_ones_bring_it_back()
    {
        var quick = Enumerable.Repeat(3.0, 30).ToList();

        After([.. quick, 600]).Should().BeGreaterThan(TimeSpan.FromMilliseconds(600));
        After([.. quick, 600, .. quick]).Should().Be(TimeSpan.FromMilliseconds(100));
    }

    private static TimeSpan After(params double[] servedMilliseconds)
    {
        var patience = new Patience(TimeSpan.FromSeconds(5));
        foreach (var served in servedMilliseconds)
        {
            patience.Served(TimeSpan.FromMilliseconds(served));
        }

        return patience.Now;
    }
}
