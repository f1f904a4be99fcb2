using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Etcd.Protos;

namespace EtcdProbeExporter.Tests.Etcd;

public sealed class MemberStatusTests
{
    [Theory]
    [InlineData("memberID:10501334649042878790 alarm:NOSPACE ", AlarmKind.NoSpace, 10501334649042878790UL)]
    [InlineData("memberID: 12  alarm: NOSPACE", AlarmKind.NoSpace, 12UL)]
    [InlineData("alarm:CORRUPT ", AlarmKind.Corrupt, 0UL)]
    [InlineData("alarm:CORRUPT memberID:7", AlarmKind.Corrupt, 7UL)]
    [InlineData("CORRUPT 12345", AlarmKind.Corrupt, 0UL)]
    [InlineData("alarm:CORRUPT memberID:x7", AlarmKind.Corrupt, 0UL)]
    internal void An_alarm_line_names_alarm_and_member(string line, AlarmKind kind, ulong member)
    {
        MemberAlarm.Parse(line).Should().Be(new MemberAlarm(kind, member));
    }

    [Theory]
    [InlineData("etcdserver: no leader")]
    [InlineData("")]
    public void Other_errors_are_no_alarm(string line)
    {
        MemberAlarm.Parse(line).Should().BeNull();
    }

    [Theory]
    [InlineData(AlarmKind.NoSpace, "NOSPACE")]
    [InlineData(AlarmKind.Corrupt, "CORRUPT")]
    internal void An_alarm_has_etcds_own_word(AlarmKind kind, string word) => new MemberAlarm(kind, 1).Label.Should().Be(word);

    [Theory]
    [InlineData(0, null)]
    [InlineData(-1, null)]
    [InlineData(1, 1L)]
    [InlineData(8_589_934_592, 8_589_934_592)]
    public void A_quota_is_known_from_3_6_on(long told, long? quota) =>
        MemberStatus.From(new StatusResponse { Header = new ResponseHeader(), DbSizeQuota = told })!.DbSizeQuota.Should().Be(quota);

    [Fact]
    public void A_header_tells_who_answered_and_no_header_nothing()
    {
        ResponseFacts.From(null).Should().BeNull();
        ResponseFacts.From(new ResponseHeader { ClusterId = 1, MemberId = 2, Revision = 3, RaftTerm = 4 }).Should().Be(new ResponseFacts(1, 2, 3, 4));
    }

    [Fact]
    public void The_longest_address_that_is_kept_is_kept_whole()
    {
        var longest = "http://" + new string('a', EtcdProbeExporter.Grpc.PeerText.LongestUrl - 7);

        ClusterMember.From(new Member { ClientURLs = { longest, longest + "a" } }).ClientUrls.Should().Equal(longest);
    }

    [Fact]
    public void A_status_without_header_says_nothing()
    {
        MemberStatus.From(new StatusResponse { Version = "3.4.0", Leader = 1 }).Should().BeNull();
    }

    [Fact]
    public void All_fields_are_taken_over_and_a_quota_of_zero_is_unknown()
    {
        var status = MemberStatus.From(new StatusResponse
        {
            Header = new ResponseHeader { ClusterId = 1, MemberId = ulong.MaxValue, Revision = 3, RaftTerm = 4 },
            Version = "3.5.16",
            Leader = ulong.MaxValue,
            RaftTerm = 5,
            RaftIndex = 6,
            RaftAppliedIndex = 7,
            DbSize = 8,
            DbSizeInUse = 9,
            IsLearner = true,
            Errors = { "etcdserver: no leader", "memberID:2 alarm:NOSPACE " },
        })!;

        status.Should().BeEquivalentTo(new
        {
            ClusterId = 1UL,
            MemberId = ulong.MaxValue,
            Revision = 3L,
            Version = "3.5.16",
            Leader = ulong.MaxValue,
            Term = 5UL,
            RaftIndex = 6UL,
            RaftAppliedIndex = 7UL,
            DbSize = 8L,
            DbSizeInUse = 9L,
            DbSizeQuota = (long?)null,
            IsLearner = true,
            HasLeader = true,
            ClaimsLeadership = true,
        });
        status.Errors.Should().HaveCount(2);
        status.Alarms.Should().Equal(new MemberAlarm(AlarmKind.NoSpace, 2));
        EtcdId.Format(status.MemberId).Should().Be("ffffffffffffffff");
    }

    [Fact]
    public void What_3_6_tells_beyond_that_is_taken_over()
    {
        var response = new StatusResponse
        {
            Header = new ResponseHeader(),
            Version = "3.7.3",
            StorageVersion = "3.7.0",
            DbSizeQuota = 2_147_483_648,
            DowngradeInfo = new DowngradeInfo { Enabled = true, TargetVersion = "3.6.0" },
        };

        MemberStatus.From(response).Should().BeEquivalentTo(new { StorageVersion = "3.7.0", DbSizeQuota = 2_147_483_648L, DowngradeTarget = "3.6.0" });

        response.DowngradeInfo.Enabled = false;
        response.StorageVersion = "";
        MemberStatus.From(response).Should().BeEquivalentTo(new { StorageVersion = (string?)null, DowngradeTarget = (string?)null });
    }

    [Fact]
    public void Nobody_leads_when_the_leader_is_zero_even_for_a_member_without_id()
    {
        var status = MemberStatus.From(new StatusResponse { Header = new ResponseHeader() })!;

        status.HasLeader.Should().BeFalse();
        status.ClaimsLeadership.Should().BeFalse();
    }

    [Fact]
    public void What_a_member_says_has_bounds()
    {
        var response = new StatusResponse { Header = new ResponseHeader(), Version = new string('3', 1_000_000) };
        response.Errors.Add(new string('x', 1_000_000));
        response.Errors.Add(Enumerable.Range(1, 20_000).SelectMany(n => new[] { $"memberID:{n} alarm:NOSPACE", $"memberID:{n} alarm:NOSPACE" }));

        var status = MemberStatus.From(response)!;

        status.Version.Should().HaveLength(128).And.EndWith("3…");
        status.Alarms.Should().HaveCount(MemberStatus.MostAlarms).And.OnlyHaveUniqueItems();
        status.Errors.Sum(line => line.Length).Should().BeLessThan(32 * 300);
    }

    [Fact]
    public void A_row_of_the_member_list_has_bounds_and_so_has_the_list()
    {
        var row = new Member { ID = 1, Name = string.Concat(Enumerable.Repeat("\U0001F600", 500_000)) };
        row.ClientURLs.Add("http://" + new string('a', 1_000_000));
        row.ClientURLs.Add(Enumerable.Repeat("http://a:1", 100_000));

        var member = ClusterMember.From(row);

        member.Name.Length.Should().BeLessThanOrEqualTo(128);
        System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(member.Name)).Should().Be(member.Name, "no character is cut in half");
        member.ClientUrls.Should().HaveCountLessThan(20).And.OnlyContain(url => url == "http://a:1", "a part of an address would be another one");
        ClusterMember.ListFrom(Enumerable.Repeat(row, 2000)).Should().HaveCount(ClusterMember.MostMembers);
    }
}
