using EtcdProbeExporter.Campaign.Client;

namespace EtcdProbeExporter.Campaign.Truth;

/// <summary>What the independent client met explains which states, by the words of etcd's own errors. Pure.</summary>
internal static class Evidence
{
    /// <summary>An election of some hundred milliseconds delays a put by as much, and its moment may fall between two looks at Status.</summary>
    private static readonly TimeSpan Election = TimeSpan.FromMilliseconds(400);

    private static readonly string[] Silences = [.. States.Dead, .. States.Silent];
    private static readonly string[] Waits = [.. States.Slow, .. States.NoLeader];

    private static readonly (string Words, string[] States)[] Errors =
    [
        ("no leader", Waits),
        ("leader changed", Waits),
        ("timed out", Waits),
        ("deadline exceeded", Waits),
        ("space exceeded", States.Full),
        ("corrupt cluster", States.Corrupt),
        ("learner", States.Learner),
        ("too many requests", States.Slow),
        ("server stopped", Silences),
        ("unavailable", Silences),
        ("refused", Silences),
        ("closing", Silences),
    ];

    /// <summary>The login of the independent client itself failed: says nothing of the member.</summary>
    public static bool IsOwnLogin(Sample sample) =>
        sample.Ending == Ending.Refused && (sample.Text.Contains("auth", StringComparison.Ordinal) || sample.Text.Contains("user name", StringComparison.Ordinal));

    /// <summary>States beside healthy that are right where this was met.</summary>
    /// <param name="samples">Of one endpoint and one window.</param>
    /// <param name="timeout">Of the exporter's probes: what takes half of it here may take all of it there.</param>
    public static HashSet<string> Explains(IReadOnlyList<Sample> samples, TimeSpan timeout)
    {
        var explained = new HashSet<string>();
        foreach (var sample in samples.Where(s => !IsOwnLogin(s)))
        {
            explained.UnionWith(Of(sample, timeout));
        }

        // Nothing within the timeout: from outside a hang, a dead network and a way that is too long look alike.
        if (samples.Any(s => s.IsWrite && IsTooLate(s, timeout)) && samples.Any(s => !s.IsWrite && IsTooLate(s, timeout)))
        {
            explained.UnionWith(States.Hangs);
        }

        return explained;
    }

    /// <summary>Nothing that was asked for in this window was done.</summary>
    public static bool NothingWritten(IReadOnlyList<Sample> samples)
    {
        var writes = samples.Where(s => s.IsWrite && !IsOwnLogin(s)).ToList();
        return writes.Count > 0 && writes.TrueForAll(s => s.Ending != Ending.Done);
    }

    /// <summary>All was done, and fast, and there was a leader throughout.</summary>
    public static bool IsCalm(IReadOnlyList<Sample> samples, TimeSpan timeout) =>
        samples.Any(s => s.IsWrite) && samples.All(s => s.Ending == Ending.Done && Of(s, timeout).Length == 0);

    /// <summary>Whether the exporter may have waited for such an answer in vain.</summary>
    public static bool IsTooLate(Sample sample, TimeSpan timeout) => sample.Ending == Ending.Silence || sample.Duration >= timeout * 0.8;

    private static string[] Of(Sample sample, TimeSpan timeout)
    {
        if (sample.Ending == Ending.Refused)
        {
            var known = Errors.FirstOrDefault(e => sample.Text.Contains(e.Words, StringComparison.OrdinalIgnoreCase));
            return known.States ?? States.Hangs;
        }

        if (sample.Ending == Ending.NoConnection)
        {
            return Silences;
        }

        List<string> states = [];
        if (sample.Ending == Ending.Silence || sample.Duration >= timeout / 2)
        {
            states.AddRange(sample.IsWrite ? States.Slow : [.. States.Slow, .. States.Defragmenting]);
        }

        if (sample.Ending == Ending.Silence || sample.Duration >= Election || sample.Status is { Leader: 0 })
        {
            states.AddRange(States.NoLeader);
        }

        if (sample.Status is { } status)
        {
            states.AddRange(status.IsLearner ? States.Learner : []);
            states.AddRange(status.Errors.Contains("NOSPACE", StringComparison.Ordinal) ? States.Full : []);
            states.AddRange(status.Errors.Contains("CORRUPT", StringComparison.Ordinal) ? States.Corrupt : []);
        }

        return [.. states];
    }
}
