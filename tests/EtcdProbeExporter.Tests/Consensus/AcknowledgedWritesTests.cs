using EtcdProbeExporter.Consensus;

namespace EtcdProbeExporter.Tests.Consensus;

public sealed class AcknowledgedWritesTests
{
    private readonly AcknowledgedWrites _writes = new();

    [Fact]
    public void What_was_acknowledged_at_the_very_moment_counts_and_later_does_not()
    {
        Add(10, revision: 5);
        Add(20, revision: 6);

        (NewestAt(9.9), NewestAt(10), NewestAt(19.9), NewestAt(20), NewestAt(99)).Should().Be((0, 5, 5, 6, 6));
    }

    [Fact]
    public void Acknowledgements_may_come_in_any_order()
    {
        Add(10, revision: 8);
        Add(11, revision: 7);

        NewestAt(12).Should().Be(8);
    }

    [Fact]
    public void After_a_minute_only_the_newest_is_kept_and_it_counts_for_every_read()
    {
        Add(10, revision: 9);
        Add(11, revision: 4);
        Add(70, revision: 12);
        NewestAt(9).Should().Be(0, "a minute is kept in full");

        Add(71.1, revision: 13);
        (NewestAt(9), NewestAt(69), NewestAt(70)).Should().Be((9, 9, 12));
    }

    private void Add(double at, long revision) => _writes.Add(TimeSpan.FromSeconds(at), revision);

    private long NewestAt(double time) => _writes.NewestAt(TimeSpan.FromSeconds(time));
}
