using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Probing.Schedule;

namespace EtcdProbeExporter.Probing.Operations;

/// <summary>Whether a write slot may be used, from what the members last said of themselves. Pure.</summary>
internal static class WriteGuard
{
    /// <summary>
    /// From here on probes do not write: the put that notices that the quota is exceeded raises the alarm that stops everybody's writes
    /// (etcd server/storage/quota.go). It must not be ours.
    /// </summary>
    public const double QuotaShare = 0.95;

    /// <summary>While an alarm refuses all writes, one write slot in so many is used: enough to see it end, cheap for a member in trouble.</summary>
    public const int SlotsPerWriteUnderAlarm = 10;

    public static SkipReason? Refusal(MemberStatus? status, long slot)
    {
        if (status is null)
        {
            return null;
        }

        if (status.Alarms.Count > 0)
        {
            return slot % SlotsPerWriteUnderAlarm == 0 ? null : SkipReason.Alarm;
        }

        return status.DbSizeQuota is { } quota && status.DbSize >= quota * QuotaShare ? SkipReason.QuotaGuard : null;
    }
}
