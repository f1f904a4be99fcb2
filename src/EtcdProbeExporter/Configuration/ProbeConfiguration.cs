namespace EtcdProbeExporter.Configuration;

/// <summary>When and what to probe in one cluster.</summary>
internal sealed record ProbeConfiguration
{
    public TimeSpan Interval { get; init; } = ProbeSettings.Interval.Default;

    public TimeSpan Timeout { get; init; } = ProbeSettings.Timeout.Default;

    public string KeyPrefix { get; init; } = ProbeSettings.KeyPrefix.Default;

    public WriteMode Write { get; init; } = ProbeSettings.Write.Default;

    public bool Watch { get; init; } = ProbeSettings.Watch.Default;

    /// <summary>Zero: no hash comparison.</summary>
    public TimeSpan HashCheckInterval { get; init; } = ProbeSettings.HashCheckInterval.Default;
}

/// <summary>How a cluster is proven to accept writes.</summary>
internal enum WriteMode
{
    /// <summary>Overwrites one small key per endpoint and one per cluster.</summary>
    Put,

    /// <summary>A transaction that crosses raft and the WAL and changes nothing.</summary>
    Commit,

    /// <summary>Reads only.</summary>
    None,
}

internal static class ProbeSettings
{
    public static readonly SettingRows Rows = new();

    /// <summary>Shorter ones would be a load of their own; ten of the longest must fit a .NET timer, which ends at 49 days.</summary>
    public static readonly ClusterSetting<TimeSpan> Interval = Rows.Add(new ClusterSetting<TimeSpan>
    {
        Path = "probe.interval",
        Flag = "--probe.interval",
        IsForAllClusters = true,
        Form = ValueForms.Duration,
        Default = TimeSpan.FromSeconds(5),
        Limit = Limits.Between(TimeSpan.FromMilliseconds(100), TimeSpan.FromDays(1)),
        Help = "time between two probes of an endpoint",
        Get = cluster => cluster.Probe.Interval,
        Set = (cluster, interval) => cluster with { Probe = cluster.Probe with { Interval = interval } },
    });

    public static readonly ClusterSetting<TimeSpan> Timeout = Rows.Add(new ClusterSetting<TimeSpan>
    {
        Path = "probe.timeout",
        Flag = "--probe.timeout",
        FlagOfCheck = "--command-timeout",
        IsForAllClusters = true,
        Form = ValueForms.Duration,
        Default = TimeSpan.FromSeconds(5),
        Limit = new("at most ten intervals", timeout => timeout < TimeSpan.FromMilliseconds(1) ? "must be 1ms at least" : null),
        Help = "when a probe has failed",
        Get = cluster => cluster.Probe.Timeout,
        Set = (cluster, timeout) => cluster with { Probe = cluster.Probe with { Timeout = timeout } },
    });

    public static readonly ClusterSetting<string> KeyPrefix = Rows.Add(new ClusterSetting<string>
    {
        Path = "probe.key_prefix",
        Form = ValueForms.AsWritten("prefix"),
        Default = "/etcd-probe/",
        Limit = new("nothing inside or above /registry", KeyPrefixRule.Objection),
        Help = "every key that is ever written lies under it",
        Get = cluster => cluster.Probe.KeyPrefix,
        Set = (cluster, prefix) => cluster with { Probe = cluster.Probe with { KeyPrefix = prefix } },
    });

    public static readonly ClusterSetting<WriteMode> Write = Rows.Add(new ClusterSetting<WriteMode>
    {
        Path = "probe.write",
        Form = ValueForms.OneOf("mode", [("put", WriteMode.Put), ("commit", WriteMode.Commit), ("none", WriteMode.None)]),
        Default = WriteMode.Put,
        Limit = new("put, commit or none", _ => null),
        Help = "how writes are proven: a small key, a transaction that changes nothing, not at all",
        Get = cluster => cluster.Probe.Write,
        Set = (cluster, mode) => cluster with { Probe = cluster.Probe with { Write = mode } },
    });

    public static readonly ClusterSetting<bool> Watch = Rows.Add(new ClusterSetting<bool>
    {
        Path = "probe.watch",
        Form = ValueForms.Switch,
        Default = true,
        Help = "with write: put, a watch on the cluster's key through every endpoint",
        Get = cluster => cluster.Probe.Watch,
        Set = (cluster, watch) => cluster with { Probe = cluster.Probe with { Watch = watch } },
    });

    /// <summary>HashKV reads the whole keyspace on every member; 28 days is what fits a .NET timer.</summary>
    public static readonly ClusterSetting<TimeSpan> HashCheckInterval = Rows.Add(new ClusterSetting<TimeSpan>
    {
        Path = "probe.hash_check_interval",
        Form = ValueForms.Duration,
        Default = TimeSpan.Zero,
        Limit = Limits.OffOrBetween(TimeSpan.FromMinutes(1), TimeSpan.FromDays(28)),
        Help = "compare HashKV of all members so often; each scans all its keys, and needs root under auth",
        Get = cluster => cluster.Probe.HashCheckInterval,
        Set = (cluster, interval) => cluster with { Probe = cluster.Probe with { HashCheckInterval = interval } },
    });

    private const int TimeoutPerInterval = 10;

    /// <summary>What no single row can see.</summary>
    public static void Check(ClusterConfiguration cluster, Draft draft, Findings findings)
    {
        var probe = cluster.Probe;
        var longest = probe.Interval * TimeoutPerInterval;
        if (Interval.Limit!.Objection(probe.Interval) is not null || probe.Timeout <= longest)
        {
            return;
        }

        var (interval, limit) = (PrometheusDuration.Format(probe.Interval), PrometheusDuration.Format(longest));
        findings.Refuse(Timeout.In(draft) is { } timeout
            ? timeout.Error($"must be at most ten times the interval of {interval}, which is {limit}")
            : Interval.In(draft)!.Error(
                $"the default timeout of {Timeout.DefaultText} is more than ten times this; set a timeout of at most {limit}, too"));
    }
}

/// <summary>Keeps probe writes away from anybody's data; a wrong prefix here is the one setting that could break a cluster.</summary>
internal static class KeyPrefixRule
{
    private const string Kubernetes = "/registry";

    /// <summary>Null when the prefix may be written under.</summary>
    public static string? Objection(string prefix) => prefix switch
    {
        _ when string.IsNullOrWhiteSpace(prefix) => "the prefix is empty: probes would write among all other keys",
        "/" => "the prefix covers every key that starts with \"/\": probes need a place of their own, such as /etcd-probe/",
        _ when prefix.Contains('\0') => "the prefix contains a NUL character",
        _ when prefix.StartsWith(Kubernetes, StringComparison.Ordinal) => "Kubernetes keeps its objects under /registry; probes never write inside it",
        _ when Kubernetes.StartsWith(prefix, StringComparison.Ordinal) => "the prefix covers /registry, where Kubernetes keeps its objects",
        _ => null,
    };
}
