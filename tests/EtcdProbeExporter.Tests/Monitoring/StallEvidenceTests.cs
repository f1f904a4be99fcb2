using EtcdProbeExporter.Consensus;
using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Monitoring;
using EtcdProbeExporter.Probing.Endpoints;
using EtcdProbeExporter.Probing.Operations;
using EtcdProbeExporter.Tests.Consensus;
using static EtcdProbeExporter.Tests.Monitoring.ProbedEndpoint;

namespace EtcdProbeExporter.Tests.Monitoring;

/// <summary>Where a member hangs, by each kind of evidence, and how long that must have lasted. A put hangs since second 10, noticed at 13.</summary>
public sealed class StallEvidenceTests
{
    private static readonly Hang Put = new(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(13), HoldsPut: true);

    // Of the member: since when its raft index, and its applied index, stand at 50, since when it is behind, and when that was seen last.
    // Of the others: which raft index they had, and since when we knew it.
    [Theory]
    [InlineData(13, 13, null, 15, "51 13.5, 49 1", StallSite.Log, false, "its log stands still, and one of the others went on 1.5 s ago")]
    [InlineData(13.1, 13, null, 15, "51 13.5", null, false, "it stood still for less than two seconds")]
    [InlineData(9, 12, null, 15, "51 13.6", StallSite.Unclear, false, "the others have gone on for less than 1.5 s")]
    [InlineData(9, 12, null, 15, "50 1", StallSite.Unclear, false, "the others stand where it stands")]
    [InlineData(10, 12, null, 15, "", StallSite.Log, false, "there are no others: its own log it is")]
    [InlineData(10.1, 12, null, 15, "", null, false, "its log went on after the put was sent")]
    [InlineData(14, 12, 13.0, 15, "50 1", StallSite.Apply, false, "it has applied nothing for two seconds")]
    [InlineData(14, 12, 13.1, 15, "50 1", null, false, "for less")]
    [InlineData(9, 12, 13.1, 15, "50 1", null, false, "and was behind: no place is left to tell")]
    [InlineData(9, 13.1, null, 14, "50 1", null, false, "it has applied since")]
    [InlineData(9, 13, null, 14.9, "50 1", null, true, "two seconds have not passed since it was noticed")]
    [InlineData(9, 13, null, 15, "50 1", StallSite.Unclear, false, "they have")]
    [InlineData(9, 9, null, 12.9, "50 1", null, true, "its newest sample is from before")]
    [InlineData(9, 9, null, 13, "50 1", null, true, "or of that moment, and two seconds have not passed")]
    [InlineData(10, 9, null, 13, "51 11", StallSite.Log, false, "or of that moment, and its log stands still already")]
    [InlineData(10, 9, null, 12.9, "51 11", null, true, "which it may have done before, without a hang")]
    internal void Indexes_tell_log_from_apply(
        double raftSince, double appliedSince, double? behindSince, double seen, string others, StallSite? site, bool undecided, string because)
    {
        var own = Progress(1, seen, raftSince, appliedSince, behindSince, [(raftSince, 50)]);

        Of(Answering(), Put, own, Others(others)).Should().Be(new StallEvidence(site, undecided), because);
    }

    // Slots of puts, one a second from second 11 on, and for how long one is under way at second 20; since when the raft index stands, which the
    // applied one is behind since second 11, and when that was seen.
    [Theory]
    [InlineData("t", 0, 11, 19, null, true, "the first put that hangs moves the index, whatever hangs")]
    [InlineData("t", 4, 11, 18, StallSite.Log, false, "the second has not, for two seconds")]
    [InlineData("t", 4, 11, 17.9, null, true, "not for so long")]
    [InlineData("tt", 0, 11, 19, StallSite.Log, false, "the second has not: it ran out of time")]
    [InlineData("t", 4, 16, 19, StallSite.Apply, false, "the second has: the log goes on, nothing is applied")]
    [InlineData("tt", 0, 12, 12.9, null, true, "it has, and was behind for less than two seconds")]
    [InlineData("sst", 5, 13, 19, StallSite.Log, false, "those that ended well are not counted")]
    internal void Of_a_lone_member_the_second_put_that_hangs_tells(string puts, double inFlight, double raftSince, double seen, StallSite? site, bool undecided, string because)
    {
        var slots = Slots(ProbeOperation.Put, puts);
        var put = slots with { InFlight = TimeSpan.FromSeconds(inFlight), Slots = [.. slots.Slots.Select(s => s with { Began = s.Began + TimeSpan.FromSeconds(10) })] };
        var endpoint = With(put, Ended(ProbeOperation.Status, null, 18, 18.1)) with { Sample = Answering().Sample };

        Of(endpoint, Put, Progress(1, seen, raftSince, 11, 11, [(raftSince, 50)]), []).Should().Be(new StallEvidence(site, undecided), because);
    }

    [Fact]
    public void Where_no_put_hangs_a_log_that_stands_still_says_nothing() =>
        Of(Answering(), Put with { HoldsPut = false }, Progress(1, 15, 9, 12, null, [(9, 50)]), []).Should().Be(new StallEvidence((StallSite?)null));

    [Theory]
    [InlineData(null, false, null, true, "it has not been asked since")]
    [InlineData(FailureReason.Connect, false, null, true, "nobody was there")]
    [InlineData(FailureReason.PermissionDenied, false, StallSite.Unclear, false, "it withholds its indexes")]
    [InlineData(FailureReason.Unauthenticated, false, StallSite.Unclear, false, "it withholds its indexes")]
    [InlineData(FailureReason.PermissionDenied, true, StallSite.Unclear, false, "whatever it showed before")]
    internal void Without_a_sample_more_is_waited_for_unless_it_is_withheld(FailureReason? status, bool progress, StallSite? site, bool undecided, string because) =>
        Of(With(Ended(ProbeOperation.Status, status, 13, 14)), Put, progress ? Progress(1, 15, 9, 12, null, [(9, 50)]) : null, [])
            .Should().Be(new StallEvidence(site, undecided), because);

    [Fact]
    public void A_sample_of_nobody_known_is_none() => Of(Answering(), Put, null, []).Should().Be(new StallEvidence(null, IsUndecided: true));

    // Readings: second, syncs of the log, and d when it defragments. The others went on from second 12 to second 17, unless they stand.
    [Theory]
    [InlineData("", null, false, null, "not asked yet")]
    [InlineData("", "refused", false, StallSite.Backend, "it does not say")]
    [InlineData("12 5", null, false, StallSite.Backend, "once is not enough")]
    [InlineData("12 5d", null, false, StallSite.Defragmentation, "it says so")]
    [InlineData("12 5, 17 6d", null, false, StallSite.Defragmentation, "it says so now")]
    [InlineData("12 5d, 17 6", null, false, StallSite.Database, "it said so, and syncs go on")]
    [InlineData("12 5, 17 5", null, false, StallSite.Disk, "syncs stand still, and one of the others goes on")]
    [InlineData("12 5, 17 5", null, true, StallSite.Backend, "nobody goes on: there is nothing to sync")]
    [InlineData("9.9 5, 17 5", null, false, StallSite.Backend, "the first reading is from before the hang")]
    [InlineData("10 5, 17 5", null, false, StallSite.Disk, "it is of the hang's first moment")]
    internal void Where_status_hangs_its_own_metrics_tell(string readings, string? objection, bool othersStand, StallSite? site, string because)
    {
        var sight = new StorageSight([.. readings.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Reading)], objection);
        var endpoint = With(Ended(ProbeOperation.Status, FailureReason.Timeout, 10, 13)) with { Storage = sight };
        var others = Others(othersStand ? "50 1" : "50 1 60 16, 50 1");

        Of(endpoint, Put, null, others).Should().Be(new StallEvidence(site, site is null, WantsWitness: true), because);
        Of(endpoint with { Storage = null }, Put, null, others).Should().Be(new StallEvidence(null, true, WantsWitness: true));
    }

    [Fact]
    public void Alone_a_member_whose_syncs_stand_still_has_a_disk_that_hangs()
    {
        var endpoint = With(Ended(ProbeOperation.Status, FailureReason.Timeout, 10, 13)) with { Storage = new StorageSight([Reading("12 5"), Reading("17 5")], null) };

        Of(endpoint, Put, null, []).Site.Should().Be(StallSite.Disk);
    }

    [Fact]
    public void What_is_no_member_is_not_asked_where_it_hangs()
    {
        var proxy = With(Slots(ProbeOperation.Put, "tttttttttt"), Ended(ProbeOperation.Status, FailureReason.Timeout, 10, 13)) with { Kind = EndpointKind.Proxy };

        Of(proxy, Put, null, []).Should().Be(new StallEvidence(StallSite.Unclear));
        Of(proxy with { Operations = [Slots(ProbeOperation.Put, "sttttttttt")] }, Put, null, []).Should().Be(new StallEvidence((StallSite?)null));
        Of(proxy with { Kind = EndpointKind.Member }, Put, null, []).WantsWitness.Should().BeTrue();
    }

    [Fact]
    public void An_index_is_known_from_the_moment_its_answer_was_here()
    {
        var progress = Progress(1, 20, 9, 9, null, [(5, 40), (9, 50)]);

        (progress.RaftIndexAt(Seconds(4.9)), progress.RaftIndexAt(Seconds(5)), progress.RaftIndexAt(Seconds(8.9)), progress.RaftIndexAt(Seconds(9))).Should().Be((0, 40, 40, 50));
        (progress.LogStands, progress.ApplyStands, (progress with { BehindSince = Seconds(12) }).ApplyStands).Should().Be((Seconds(11), TimeSpan.Zero, Seconds(8)));
    }

    private static StallEvidence Of(EndpointSnapshot endpoint, Hang hang, MemberProgress? own, IReadOnlyList<MemberProgress> others) =>
        StallEvidence.Of(endpoint, hang, own, others, TimeSpan.FromSeconds(20));

    private static EndpointSnapshot Answering() => With(Ended(ProbeOperation.Status, null, 14, 15)) with
    {
        Sample = new MemberSample("m1:2379", Told.Status(1, leader: 3), Seconds(15), Seconds(15)),
    };

    /// <summary>Members, separated by commas: pairs of a raft index and the second since when it is known.</summary>
    private static List<MemberProgress> Others(string text) =>
    [
        .. text.Split(',', StringSplitOptions.RemoveEmptyEntries).Select((member, i) =>
        {
            var numbers = member.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Number).ToList();
            return Progress((ulong)i + 2, 15, 1, 1, null, [.. numbers.Chunk(2).Select(pair => (pair[1], (ulong)pair[0]))]);
        }),
    ];

    private static MemberProgress Progress(
        ulong member, double seen, double raftSince, double appliedSince, double? behindSince, IReadOnlyList<(double At, ulong Index)> known) => new()
        {
            MemberId = member,
            ClusterId = Told.ClusterId,
            Term = 2,
            TermSince = TimeSpan.Zero,
            RaftIndex = known[^1].Index,
            RaftSince = Seconds(raftSince),
            AppliedIndex = known[^1].Index,
            AppliedSince = Seconds(appliedSince),
            BehindSince = behindSince is { } since ? Seconds(since) : null,
            Seen = Seconds(seen),
            Known = [.. known.Select(k => (Seconds(k.At), k.Index))],
        };

    private static StorageReading Reading(string text) => text.TrimEnd('d').Split(' ').Select(Number).ToList() is var numbers
        ? new StorageReading(Seconds(numbers[0]), text.EndsWith('d'), numbers[1])
        : throw new ArgumentException(text);

    private static double Number(string text) => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
