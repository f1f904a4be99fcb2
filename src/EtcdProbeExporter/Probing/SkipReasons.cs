namespace EtcdProbeExporter.Probing;

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
