using EtcdProbeExporter.Monitoring;
using EtcdProbeExporter.Probing.Operations;
using static EtcdProbeExporter.Tests.Monitoring.ProbedEndpoint;

namespace EtcdProbeExporter.Tests.Monitoring;

/// <summary>How many slots must be lost before an endpoint is slow, and which of them count. The first slot began at second 1.</summary>
public sealed class LostSlotsTests
{
    [Theory]
    [InlineData("sst", "sss", 3, true, true, "one timeout tells")]
    [InlineData("sst", "sss", 3.1, false, false, "it began before")]
    [InlineData("sskkk", "sss", 3, true, true, "three skipped ones tell")]
    [InlineData("sskkk", "sss", 3.1, false, true, "one of them began before")]
    [InlineData("sskk", "skk", 0, false, true, "two of each are an election")]
    [InlineData("ssk", "sss", 3, false, true, "one that was skipped keeps it slow")]
    [InlineData("ssk", "sss", 3.1, false, false, "and not one that began before")]
    [InlineData("ttt", "ttt", 0, false, true, "nothing succeeds: it is not slow")]
    [InlineData("ttt", "tts", 0, true, true, "something succeeds")]
    [InlineData("sff", "ssf", 0, false, false, "what fails at once is not slow")]
    public void Slots_that_are_lost_while_others_succeed(string put, string get, double since, bool enough, bool any, string because)
    {
        var endpoint = With(Slots(ProbeOperation.Put, put), Slots(ProbeOperation.Get, get), Slots(ProbeOperation.Watch, "ttt"));

        (LostSlots.Enough(endpoint, TimeSpan.FromSeconds(since)), LostSlots.Any(endpoint, TimeSpan.FromSeconds(since))).Should().Be((enough, any), because);
    }

    [Theory]
    [InlineData("stt", 2, true)]
    [InlineData("sff", 2, true)]
    [InlineData("stt", 2.1, false)]
    [InlineData("stt", 3.1, false)]
    [InlineData("tts", 0, false)]
    [InlineData("tst", 0, false)]
    [InlineData("t", 0, false)]
    public void A_watch_is_silent_when_the_last_two_events_did_not_come(string events, double since, bool silent) =>
        LostSlots.InWatch(With(Slots(ProbeOperation.Put, "ttt"), Slots(ProbeOperation.Watch, events)), TimeSpan.FromSeconds(since)).Should().Be(silent);

    // Slots are in the order in which they ended: an event that is given up may have been due before one that has failed already.
    [Theory]
    [InlineData(2, true)]
    [InlineData(2.1, false)]
    public void Both_must_have_been_due_since(double since, bool silent)
    {
        PastSlot[] slots = [new(SlotEnd.Failed, TimeSpan.FromSeconds(3)), new(SlotEnd.TimedOut, TimeSpan.FromSeconds(2))];

        LostSlots.InWatch(With(Slots(ProbeOperation.Watch, "") with { Slots = slots }), TimeSpan.FromSeconds(since)).Should().Be(silent);
    }

    [Fact]
    public void Without_a_watch_nothing_is_silent() => LostSlots.InWatch(With(Slots(ProbeOperation.Put, "ttt")), TimeSpan.Zero).Should().BeFalse();
}
