namespace EtcdProbeExporter.Configuration;

/// <summary>The probe section of a merged draft, with its limits.</summary>
internal static class ProbeBuilder
{
    public static ProbeConfiguration Build(ClusterDraft draft, Findings findings)
    {
        var defaults = new ProbeConfiguration();
        var probe = new ProbeConfiguration
        {
            Interval = draft.Interval?.Value ?? defaults.Interval,
            Timeout = draft.Timeout?.Value ?? defaults.Timeout,
            KeyPrefix = draft.KeyPrefix?.Value ?? defaults.KeyPrefix,
            Write = draft.Write?.Value ?? defaults.Write,
            Watch = draft.Watch?.Value ?? defaults.Watch,
            HashCheckInterval = draft.HashCheckInterval?.Value ?? defaults.HashCheckInterval,
        };
        CheckPace(draft, probe, findings);
        if (KeyPrefixRule.Objection(probe.KeyPrefix) is { } objection && draft.KeyPrefix is { } prefix)
        {
            findings.Refuse(prefix.Error(objection));
        }

        if (draft.HashCheckInterval is { } hash && hash.Value != TimeSpan.Zero
            && (hash.Value < ProbeConfiguration.MinimumHashCheckInterval || hash.Value > ProbeConfiguration.MaximumHashCheckInterval))
        {
            findings.Refuse(hash.Error($"must be 0s (off), or {Range(ProbeConfiguration.MinimumHashCheckInterval, ProbeConfiguration.MaximumHashCheckInterval)}"));
        }

        return probe;
    }

    private static void CheckPace(ClusterDraft draft, ProbeConfiguration probe, Findings findings)
    {
        if (probe.Interval < ProbeConfiguration.MinimumInterval || probe.Interval > ProbeConfiguration.MaximumInterval)
        {
            findings.Refuse(draft.Interval!.Error($"must be {Range(ProbeConfiguration.MinimumInterval, ProbeConfiguration.MaximumInterval)}"));
            return;
        }

        if (probe.Timeout < ProbeConfiguration.MinimumTimeout)
        {
            findings.Refuse(draft.Timeout!.Error($"must be {PrometheusDuration.Format(ProbeConfiguration.MinimumTimeout)} at least"));
            return;
        }

        var longest = probe.Interval * ProbeConfiguration.TimeoutPerInterval;
        if (probe.Timeout <= longest)
        {
            return;
        }

        var (interval, limit) = (PrometheusDuration.Format(probe.Interval), PrometheusDuration.Format(longest));
        findings.Refuse(draft.Timeout is { } timeout
            ? timeout.Error($"must be at most ten times the interval of {interval}, which is {limit}")
            : draft.Interval!.Error(
                $"the default timeout of {PrometheusDuration.Format(probe.Timeout)} is more than ten times this; set a timeout of at most {limit}, too"));
    }

    private static string Range(TimeSpan least, TimeSpan most) =>
        $"between {PrometheusDuration.Format(least)} and {PrometheusDuration.Format(most)}";
}
