using System.Globalization;
using EtcdProbeExporter.Consensus;
using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Monitoring;
using EtcdProbeExporter.Probing.Operations;
using EtcdProbeExporter.Tests.Consensus;
using EtcdProbeExporter.Tests.Status;
using static EtcdProbeExporter.Tests.Monitoring.ProbedEndpoint;

namespace EtcdProbeExporter.Tests.Monitoring;

/// <summary>
/// What one round says of an endpoint because of the rounds before it. All operations end well unless a test says otherwise; patience is a
/// second; another member stands where this one stands, so that nothing is told by comparing them.
/// </summary>
public sealed class EndpointPastTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly MemberProgress Other = MemberProgress.After(null, SampleOf(2, 0))!;

    private EndpointPast _past = EndpointPast.None;

    [Fact]
    public void A_hang_whose_place_is_not_known_yet_goes_unsaid_until_patience_ends_and_is_looked_at_meanwhile()
    {
        Round(10).Should().Be("healthy");
        Round(13.3, put: "10-13!").Should().Be("healthy, look");
        Round(14.2, put: "10-13!").Should().Be("healthy, look");
        Round(14.3, put: "10-13!").Should().Be("write_stalled unclear, look");
        Round(15.5, put: "14.4-15").Should().Be("healthy");
    }

    [Fact]
    public void While_Status_hangs_as_well_its_metrics_are_wanted_and_patience_ends_with_the_backend()
    {
        Round(10);
        Round(13.3, put: "10-13!", status: "10-13!").Should().Be("healthy, witness");
        Round(14.2, put: "10-13!", status: "10-13!").Should().Be("healthy, witness");
        Round(14.3, put: "10-13!", status: "10-13!").Should().Be("write_stalled backend, witness");
    }

    [Fact]
    public void Patience_begins_anew_with_another_hang()
    {
        Round(10);
        Round(13.3, put: "10-13!").Should().Be("healthy, look");
        Round(14, put: "13.4-13.5").Should().Be("healthy");
        Round(17.3, put: "14-17!").Should().Be("healthy, look");
        Round(18.2, put: "14-17!").Should().Be("healthy, look");
        Round(18.3, put: "14-17!").Should().Be("write_stalled unclear, look");
    }

    [Fact]
    public void A_place_that_is_known_stays_known_while_the_hang_lasts_and_is_forgotten_with_it()
    {
        var defragments = StorageSight.None.After(new StorageReading(TimeSpan.FromSeconds(13.4), true, 1));
        Round(10);
        Round(14, put: "10-13!", status: "10-13!", storage: defragments).Should().Be("defragmenting defragmentation, witness");
        Round(15, put: "10-13!", status: "10-13!").Should().Be("defragmenting defragmentation, witness");
        Round(16, put: "15.1-15.2").Should().Be("healthy");
        Round(20.1, put: "17-20!", status: "17-20!").Should().Be("healthy, witness");
    }

    [Fact]
    public void Silence_ends_what_was_known_of_where_it_hangs()
    {
        var defragments = StorageSight.None.After(new StorageReading(TimeSpan.FromSeconds(13.4), true, 1));
        Round(10);
        Round(14, put: "10-13!", status: "10-13!", storage: defragments).Should().Be("defragmenting defragmentation, witness");
        Round(18, all: FailureReason.Timeout).Should().Be("unresponsive");
        Round(18.1, put: "14.5-17.5!", status: "14.5-17.5!").Should().Be("write_stalled unclear, witness");
    }

    [Theory]
    [InlineData(FailureReason.TooManyRequests, null)]
    [InlineData(null, FailureReason.TooManyRequests)]
    [InlineData(FailureReason.TooManyRequests, FailureReason.TooManyRequests)]
    internal void Whoever_says_that_applying_is_behind_hangs_in_applying(FailureReason? put, FailureReason? get)
    {
        Round(10);
        Round(11, failures: [(ProbeOperation.Put, put), (ProbeOperation.Get, get)]).Should().Be("apply_stalled apply");
    }

    [Theory]
    [InlineData(2, 15, "slow")]
    [InlineData(2, 5, "slow")] // although it began before the term was first seen: there was no election
    [InlineData(3, 15, "healthy")]
    [InlineData(3, 19.75, "healthy")]
    [InlineData(3, 19.8, "slow")]
    internal void A_slot_that_was_lost_before_a_new_term_was_lost_to_the_election(ulong term, double lost, string state)
    {
        Round(10, term: 2);
        Round(20, term: term, slots: [Lost(lost), Good(19.9)]).Should().Be(state, "the sample that first shows the term is asked for at 19.8");
        Round(21, term: term, slots: [Lost(lost), Good(20.9)]).Should().Be(state, "it is the same slot");
    }

    [Fact]
    public void Slow_is_entered_once_a_minute_at_most()
    {
        Round(10);
        Round(20, slots: [Lost(15), Good(19)]).Should().Be("slow");
        Round(30, slots: [Good(29)]).Should().Be("healthy");
        Round(79.9, slots: [Lost(75), Good(79)]).Should().Be("healthy");
        Round(80, slots: [Lost(75), Good(79)]).Should().Be("slow");
    }

    [Theory]
    [InlineData(FailureReason.Timeout, "unresponsive")]
    [InlineData(FailureReason.Connect, "unreachable")]
    [InlineData(FailureReason.Tls, "tls_error")]
    internal void What_was_lost_before_it_was_known_to_answer_again_does_not_make_it_slow(FailureReason failure, string state)
    {
        Round(10);
        Round(20, all: failure).Should().Be(state);
        Round(21, slots: [Lost(20.5), Good(20.9)]).Should().Be("healthy");
        Round(26, slots: [Lost(20.5), Lost(21), Good(25.9)]).Should().Be("slow", "one began since");
    }

    [Fact]
    public void What_was_lost_while_it_hung_in_a_known_place_does_not_make_it_slow_afterwards()
    {
        var defragments = StorageSight.None.After(new StorageReading(TimeSpan.FromSeconds(13.4), true, 1));
        Round(10);
        Round(14, put: "10-13!", status: "10-13!", storage: defragments);
        Round(15, slots: [Lost(13.9), Good(14.9)]).Should().Be("healthy");
    }

    [Fact]
    public void What_was_lost_while_it_hung_nobody_knows_where_makes_it_slow_afterwards()
    {
        Round(10);
        Round(13.3, put: "10-13!");
        Round(14.3, put: "10-13!").Should().StartWith("write_stalled unclear");
        Round(15, slots: [Lost(10), Good(14.9)]).Should().Be("slow");
    }

    // Two events that were due at 15 and 16 did not come; what the round of 17 met; what the round of 18 says, when all is well but for them.
    [Theory]
    [InlineData(null, null, "watch_stalled")]
    [InlineData("13.9-16.9!", null, "healthy")] // a put hung, whatever that came to: events need puts
    [InlineData(null, FailureReason.Connect, "healthy")]
    internal void Events_that_went_missing_while_more_was_wrong_say_nothing_of_the_watch(string? put, FailureReason? all, string state)
    {
        Round(10);
        Round(17, put: put, all: all);
        Round(18, missed: [15, 16]).Should().Be(state);
        Round(21, missed: [19, 20]).Should().Be("watch_stalled", "these were due since");
    }

    private static PastSlot Lost(double began) => new(SlotEnd.TimedOut, TimeSpan.FromSeconds(began));

    private static PastSlot Good(double began) => new(SlotEnd.Succeeded, TimeSpan.FromSeconds(began));

    /// <summary>The state with where it hangs, and what more is wanted of the member.</summary>
    /// <param name="now">In seconds.</param>
    /// <param name="put">As "sent-ended" with an exclamation mark when it ran out of time; null: just now.</param>
    /// <param name="status">The same.</param>
    /// <param name="all">Everything failed so, the member list too.</param>
    /// <param name="failures">Of single operations.</param>
    /// <param name="term">As the member says it.</param>
    /// <param name="slots">The last slots of put.</param>
    /// <param name="missed">When the events were due that did not come.</param>
    /// <param name="storage">What its metrics said.</param>
    private string Round(
        double now,
        string? put = null,
        string? status = null,
        FailureReason? all = null,
        (ProbeOperation Operation, FailureReason? Failure)[]? failures = null,
        ulong term = 2,
        PastSlot[]? slots = null,
        double[]? missed = null,
        StorageSight? storage = null)
    {
        var (sent, ended) = all == FailureReason.Timeout ? (now - 3.1, now - 0.1) : (now - 0.2, now - 0.1);
        ProbeOperation[] operations = [ProbeOperation.Put, ProbeOperation.Get, ProbeOperation.GetLocal, ProbeOperation.Status];
        OperationSnapshot Operation(ProbeOperation operation) => (operation, put, status) switch
        {
            (ProbeOperation.Put, { } told, _) => Parse(operation, told),
            (ProbeOperation.Status, _, { } told) => Parse(operation, told),
            _ => Ended(operation, all ?? failures?.FirstOrDefault(f => f.Operation == operation).Failure, sent, ended) with
            {
                Slots = operation == ProbeOperation.Put && slots is not null ? slots : all is null ? [Good(sent)] : [],
            },
        };
        var watch = new OperationSnapshot(ProbeOperation.Watch, null, null, TimeSpan.Zero) { Slots = [.. (missed ?? []).Select(Lost)] };
        var endpoint = Reported.Endpoint(1, null) with
        {
            Operations = [.. operations.Select(Operation), watch],
            Sample = all is null && status is null ? SampleOf(1, now - 0.2, term) : null,
            Members = all is null ? Told.List(2) : null,
            MembersAnsweredAt = all is null ? TimeSpan.FromSeconds(now - 0.1) : null,
            MembersSilentSince = all == FailureReason.Timeout ? TimeSpan.FromSeconds(sent) : null,
            Storage = storage,
        };
        var progress = MemberProgress.After(_past.Progress, endpoint.Sample);
        _past = _past.After(
            Patience, endpoint, Observations.EvidenceOf(endpoint, Told.ClusterId), progress, [.. new[] { progress, Other }.OfType<MemberProgress>()], TimeSpan.FromSeconds(now));
        return _past.State.Label() + (_past.Stall is { } site ? $" {site.Label()}" : "") + (_past.WantsLook ? ", look" : "") + (_past.WantsWitness ? ", witness" : "");
    }

    private static MemberSample SampleOf(ulong member, double sent, ulong term = 2) =>
        new($"m{member}:2379", Told.Status(member, 2, term, commit: 100), TimeSpan.FromSeconds(sent), TimeSpan.FromSeconds(sent + 0.1));

    private static OperationSnapshot Parse(ProbeOperation operation, string text)
    {
        var times = text.TrimEnd('!').Split('-').Select(t => double.Parse(t, CultureInfo.InvariantCulture)).ToList();
        var timedOut = text.EndsWith('!');
        return Ended(operation, timedOut ? FailureReason.Timeout : null, times[0], times[1]) with { Slots = [timedOut ? Lost(times[0]) : Good(times[0])] };
    }
}
