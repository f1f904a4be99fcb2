namespace EtcdProbeExporter.Probing;

/// <summary>Why a slot was not started; the label <c>reason</c> of skipped slots.</summary>
internal enum SkipReason
{
    /// <summary>The probe of an earlier slot is still running.</summary>
    InFlight,

    /// <summary>The database is so near its quota that the probe itself could raise the NOSPACE alarm.</summary>
    QuotaGuard,

    /// <summary>A NOSPACE or CORRUPT alarm refuses all writes; only every tenth write slot is used until it is gone.</summary>
    Alarm,
}
