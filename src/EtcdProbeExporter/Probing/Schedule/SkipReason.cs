namespace EtcdProbeExporter.Probing.Schedule;

/// <summary>Why a slot was not started, or does not count; the label <c>reason</c> of skipped slots.</summary>
internal enum SkipReason
{
    /// <summary>The probe of an earlier slot is still running.</summary>
    InFlight,

    /// <summary>The database is so near its quota that the probe itself could raise the NOSPACE alarm.</summary>
    QuotaGuard,

    /// <summary>A NOSPACE or CORRUPT alarm refuses all writes; only every tenth write slot is used until it is gone.</summary>
    Alarm,

    /// <summary>
    /// The exporter itself stood still when the slot was due, or while its probe was under way: then the answer may have waited here and not
    /// in etcd, and says neither how long it took nor that it was late.
    /// </summary>
    Paused,
}

internal static class SkipReasons
{
    public static readonly IReadOnlyList<SkipReason> All = Enum.GetValues<SkipReason>();

    public static string Label(this SkipReason reason) => reason switch
    {
        SkipReason.InFlight => "in_flight",
        SkipReason.QuotaGuard => "quota_guard",
        SkipReason.Alarm => "alarm",
        SkipReason.Paused => "paused",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "not a skip reason"),
    };
}
