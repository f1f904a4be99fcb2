using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Etcd.Protos;
using EtcdProbeExporter.Probing.Operations;
using EtcdProbeExporter.Probing.Schedule;

namespace EtcdProbeExporter.Tests.Probing;

public sealed class WriteGuardTests
{
    [Theory]
    [InlineData(949, 1000, null)]
    [InlineData(950, 1000, SkipReason.QuotaGuard)]
    [InlineData(2000, 1000, SkipReason.QuotaGuard)]
    [InlineData(2000, 0, null)] // before 3.6 the quota is not told
    internal void Writes_stop_before_the_quota_is_reached(long size, long quota, SkipReason? refusal)
    {
        WriteGuard.Refusal(Status(size, quota), slot: 3).Should().Be(refusal);
    }

    [Theory]
    [InlineData("memberID:1 alarm:NOSPACE ")]
    [InlineData("alarm:CORRUPT ")]
    public void Under_an_alarm_every_tenth_write_slot_is_used(string error)
    {
        var used = Enumerable.Range(0, 30).Where(slot => WriteGuard.Refusal(Status(1, 0, error), slot) is null);

        used.Should().Equal(0, 10, 20);
        WriteGuard.Refusal(Status(1, 0, error), 1).Should().Be(SkipReason.Alarm);
    }

    [Fact]
    public void Nothing_known_refuses_nothing()
    {
        WriteGuard.Refusal(null, 1).Should().BeNull();
        WriteGuard.Refusal(Status(1, 0, "etcdserver: no leader"), 1).Should().BeNull();
    }

    private static MemberStatus Status(long size, long quota, params string[] errors) => MemberStatus.From(new StatusResponse
    {
        Header = new ResponseHeader { MemberId = 1 },
        DbSize = size,
        DbSizeQuota = quota,
        Errors = { errors },
    })!;
}
