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
    public void Nobody_leads_when_the_leader_is_zero_even_for_a_member_without_id()
    {
        var status = MemberStatus.From(new StatusResponse { Header = new ResponseHeader() })!;

        status.HasLeader.Should().BeFalse();
        status.ClaimsLeadership.Should().BeFalse();
    }
}
