using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Monitoring;
using EtcdProbeExporter.Probing.Operations;
using static EtcdProbeExporter.Tests.Monitoring.ProbedEndpoint;

namespace EtcdProbeExporter.Tests.Monitoring;

/// <summary>What does not end at an endpoint, since when, and when that was noticed.</summary>
public sealed class HangTests
{
    // Each operation as "sent-ended", with an exclamation mark when it ran out of time and an x when it failed otherwise.
    [Theory]
    [InlineData("10-13!", "-", "-", "-", "10 13 put", "a put that does not end")]
    [InlineData("10-13!", "8-11!", "-", "-", "10 13 put", "with a read beside it")]
    [InlineData("-", "10-13!", "-", "-", "10 13", "a read where nothing is written")]
    [InlineData("9-10", "10-13!", "-", "-", "", "a read, and a put that ended well since")]
    [InlineData("9-9.9", "10-13!", "-", "-", "10 13", "a read, and the put ended well before it was sent")]
    [InlineData("11-12x", "10-13!", "-", "-", "10 13", "a read, and the put did not end well")]
    [InlineData("9-10", "9-10", "9-10", "9-10", "", "all is well")]
    [InlineData("9-10x", "9-10x", "9-10x", "9-10x", "", "whatever fails at once does not hang")]
    [InlineData("-", "-", "6-9!", "5-8!", "5 9", "the database: since the first of the two, noticed with the second")]
    [InlineData("-", "-", "5-8!", "6-9!", "5 9", "in either order")]
    [InlineData("-", "-", "5-9!", "6-8!", "5 9", "whichever took longer")]
    [InlineData("-", "-", "6-8!", "5-9!", "5 9", "whichever took longer")]
    [InlineData("-", "-", "6-9", "5-8!", "", "Status alone hangs")]
    [InlineData("-", "-", "6-9!", "5-8", "", "a local read alone hangs")]
    [InlineData("4-5", "-", "6-9!", "5-8!", "", "a put has ended well since")]
    [InlineData("-", "4-5", "6-9!", "5-8!", "", "a read has ended well since")]
    [InlineData("4-4.9", "4-4.9", "6-9!", "5-8!", "5 9", "both ended before")]
    [InlineData("6-7x", "6-7x", "6-9!", "5-8!", "5 9", "neither ended well")]
    [InlineData("10-13!", "-", "6-9!", "5-8!", "5 9 put", "both: since the first, noticed with the first")]
    [InlineData("2-5!", "-", "6-9!", "5-8!", "2 5 put", "both: since the first, noticed with the first")]
    public void An_operation_that_ran_out_of_time_hangs_unless_others_say_otherwise(
        string put, string get, string local, string status, string hang, string because)
    {
        var endpoint = With([
            .. new[] { (ProbeOperation.Put, put), (ProbeOperation.Get, get), (ProbeOperation.GetLocal, local), (ProbeOperation.Status, status) }
                .Where(o => o.Item2 != "-").Select(o => Parse(o.Item1, o.Item2)), Ended(ProbeOperation.Watch, null, 20, 21)]);

        var found = Hang.Of(endpoint);

        (found is null ? "" : FormattableString.Invariant($"{found.Since.TotalSeconds} {found.NoticedAt.TotalSeconds}{(found.HoldsPut ? " put" : "")}")).Should().Be(hang, because);
    }

    [Theory]
    [InlineData("tkkttkkttk", null, true)]
    [InlineData("kkttkkttk", null, false)]
    [InlineData("tkkttskttk", null, false)]
    [InlineData("tkkttfkttk", null, false)]
    [InlineData(null, "tttttttttt", true)]
    [InlineData("ssssssssss", "tttttttttt", false)]
    [InlineData("tttttttttt", "ssssssssss", true)]
    [InlineData(null, null, false)]
    public void It_is_complete_when_none_of_the_last_ten_writes_or_else_reads_ended_well(string? put, string? get, bool complete)
    {
        OperationSnapshot?[] operations = [put is null ? null : Slots(ProbeOperation.Put, put), get is null ? null : Slots(ProbeOperation.Get, get)];

        Hang.IsComplete(With([.. operations.OfType<OperationSnapshot>()])).Should().Be(complete);
    }

    [Theory]
    [InlineData("ssstt", 0, true, 6, true, "none has ended well since")]
    [InlineData("ssst", 1, true, 6, true, "one has not, and another one does not")]
    [InlineData("ssst", 0.9, true, 6, false, "the other one has just begun")]
    [InlineData("ssstk", 0, true, 6, false, "a single one was lost: the next slot was skipped because of it")]
    [InlineData("ssstt", 0, true, 5.9, false, "not for long enough")]
    [InlineData("ssstst", 0, true, 6, false, "one did")]
    [InlineData("ssstts", 0, true, 6, false, "the last one did")]
    [InlineData("ssss", 1, true, 6, false, "the first one did after all")]
    [InlineData("sttt", 0, true, 6, false, "two of them began before")]
    [InlineData("ssstt", 0, false, 6, false, "no put was among what hangs")]
    [InlineData(null, 0, true, 6, false, "none is made")]
    public void It_has_lasted_when_no_put_that_began_since_has_ended_well(string? put, double inFlight, bool holdsPut, double now, bool lasted, string because)
    {
        var hang = new Hang(TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(5), holdsPut);
        OperationSnapshot[] operations = put is null ? [] : [Slots(ProbeOperation.Put, put) with { InFlight = TimeSpan.FromSeconds(inFlight) }];

        hang.HasLasted(With(operations), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(now)).Should().Be(lasted, because);
    }

    [Fact]
    public void Status_hangs_when_it_ran_out_of_time_or_has_run_for_a_second()
    {
        bool InStatus(FailureReason? failure, double inFlight) => Hang.InStatus(With(Ended(ProbeOperation.Status, failure, 5, 6, inFlight)));

        (InStatus(FailureReason.Timeout, 0), InStatus(FailureReason.Timeout, 2)).Should().Be((true, true));
        (InStatus(null, 0), InStatus(null, 0.99), InStatus(null, 1), InStatus(FailureReason.Connect, 0)).Should().Be((false, false, true, false));
        Hang.InStatus(With(Ended(ProbeOperation.Put, FailureReason.Timeout, 5, 6))).Should().BeFalse();
    }

    private static OperationSnapshot Parse(ProbeOperation operation, string text)
    {
        var times = text.TrimEnd('!', 'x').Split('-').Select(t => double.Parse(t, System.Globalization.CultureInfo.InvariantCulture)).ToList();
        return Ended(operation, text[^1] switch { '!' => FailureReason.Timeout, 'x' => FailureReason.Connect, _ => null }, times[0], times[1]);
    }
}
