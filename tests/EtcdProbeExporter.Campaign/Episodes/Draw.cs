using EtcdProbeExporter.Campaign.Clusters;
using EtcdProbeExporter.Campaign.Faults;

namespace EtcdProbeExporter.Campaign.Episodes;

/// <summary>Draws episodes from a seed. The same seed, number, faults and releases at hand make the same plan.</summary>
internal sealed class Draw(IReadOnlyList<Fault> faults, IReadOnlyList<string> releases, bool alerting)
{
    private static readonly (string, string)[] Mixtures = [("3.4", "3.5"), ("3.5", "3.6"), ("3.6", "3.7")];

    private static readonly double[] Intervals = [0.5, 1, 1, 1, 2, 5];

    private static readonly double[] Timeouts = [1, 2, 3, 5];

    public EpisodePlan Episode(int seed, int number)
    {
        var random = new Random(unchecked((seed * 1_000_003) + number));
        var chosen = new List<Fault> { Weighted(faults, random) };
        var wanted = random.NextDouble() switch { < 0.6 => 1, < 0.9 => 2, _ => 3 };
        while (chosen.Count < wanted && Companions(chosen) is { Count: > 0 } companions)
        {
            chosen.Add(Weighted(companions, random));
        }

        var interval = TimeSpan.FromSeconds(Intervals[random.Next(Intervals.Length)]);
        var timeouts = Timeouts.Where(t => t <= interval.TotalSeconds * 10).ToList();
        var timeout = TimeSpan.FromSeconds(timeouts[random.Next(timeouts.Count)]);
        var alerts = random.NextDouble() < 0.15 && alerting && interval <= TimeSpan.FromSeconds(1) && chosen.TrueForAll(f => f.Alerts is not null && !f.Heavy);
        var bound = timeout + (2 * interval) + TimeSpan.FromSeconds(1);
        var least = alerts ? TimeSpan.FromSeconds(30) : bound + TimeSpan.FromSeconds(3);
        var cluster = ClusterOf(chosen, random);
        return new EpisodePlan(
            seed, number, cluster, [.. chosen.Select(f => new PlannedFault(f, (Victim)random.Next(3), random.Next(), least + (random.NextDouble() * TimeSpan.FromSeconds(5))))])
        {
            Interval = interval,
            Timeout = timeout,
            Together = random.Next(2) == 0 && chosen.Count > 1 && cluster.Members >= chosen.Count, // a member is made ill once at a time
            Alerting = alerts,
        };
    }

    private List<Fault> Companions(List<Fault> chosen) => chosen.Exists(f => f.Alone)
        ? []
        : [.. faults.Where(f => !f.Alone && !chosen.Contains(f) && Securities([.. chosen, f]).Count > 0 && Fit([.. chosen, f]))];

    // A relay stands before one member, and a discovered member would be probed past it.
    private static bool Fit(List<Fault> chosen) => !(chosen.Exists(f => f.OnLoopback) && chosen.Exists(f => f.Namespaced || f.Discovers))
        && chosen.Count(f => f.OnLoopback) <= 1;

    private ClusterPlan ClusterOf(List<Fault> chosen, Random random)
    {
        int[] sizes = [1, 1, 3, 3, 3, 3, 3, 5, 5];
        var fitting = sizes.Where(s => s >= chosen.Max(f => f.LeastMembers)).ToList();
        var size = fitting[random.Next(fitting.Count)];
        var securities = Securities(chosen);
        var security = securities[random.Next(securities.Count)];
        var demanded = chosen.Select(f => f.Release).FirstOrDefault(r => r is not null);
        var release = releases[random.Next(releases.Count)];
        var mixtures = Mixtures.Where(m => releases.Contains(m.Item1) && releases.Contains(m.Item2)).ToList();
        var mixture = random.NextDouble() < 0.15 && mixtures.Count > 0 ? mixtures[random.Next(mixtures.Count)] : (release, release);
        return new ClusterPlan(
            [.. Enumerable.Range(0, size).Select(i => demanded ?? (i % 2 == 0 ? mixture.Item1 : mixture.Item2))],
            security,
            chosen.Exists(f => f.Namespaced),
            [.. chosen.SelectMany(f => f.Arguments).Distinct()]);
    }

    // Plain as often as both others.
    private static List<Security> Securities(IReadOnlyList<Fault> chosen) =>
    [
        .. new[] { Security.Plain, Security.Plain, Security.Tls, Security.Auth }.Where(s => chosen.All(f => f.Securities.Count == 0 || f.Securities.Contains(s))),
    ];

    private static Fault Weighted(IReadOnlyList<Fault> faults, Random random)
    {
        var at = random.Next(faults.Sum(f => f.Weight));
        return faults.First(f => (at -= f.Weight) < 0);
    }
}
