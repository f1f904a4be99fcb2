namespace EtcdProbeExporter.Configuration;

/// <summary>When and what to probe in one cluster.</summary>
internal sealed record ProbeConfiguration
{
    /// <summary>The shortest interval: below it the probes would be a load of their own.</summary>
    public static readonly TimeSpan MinimumInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest interval; ten of them must fit a .NET timer, which ends at 49 days.</summary>
    public static readonly TimeSpan MaximumInterval = TimeSpan.FromDays(1);

    public static readonly TimeSpan MinimumTimeout = TimeSpan.FromMilliseconds(1);

    /// <summary>HashKV reads the whole keyspace on every member, so it never runs more often than this.</summary>
    public static readonly TimeSpan MinimumHashCheckInterval = TimeSpan.FromMinutes(1);

    /// <summary>A longer one would not fit a .NET timer either.</summary>
    public static readonly TimeSpan MaximumHashCheckInterval = TimeSpan.FromDays(28);

    /// <summary>How many intervals one probe may outlast.</summary>
    public const int TimeoutPerInterval = 10;

    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(5);

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    public string KeyPrefix { get; init; } = "/etcd-probe/";

    public WriteMode Write { get; init; } = WriteMode.Put;

    public bool Watch { get; init; } = true;

    /// <summary>Zero: no hash comparison.</summary>
    public TimeSpan HashCheckInterval { get; init; } = TimeSpan.Zero;
}
