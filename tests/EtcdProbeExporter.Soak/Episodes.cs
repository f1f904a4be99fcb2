using System.Diagnostics;
using System.Globalization;
using EtcdProbeExporter.Harness;

namespace EtcdProbeExporter.Soak;

/// <summary>
/// Breaks one cluster again and again, in ways drawn from a seed, and sees to it that the exporter calls it healthy after each repair.
/// </summary>
internal sealed class Episodes(SoakCluster cluster, int seed, Witness witness, Journal journal)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Random _random = new(seed);

    private readonly IReadOnlyList<Fault> _faults = Faults.For(cluster);

    public int Count { get; private set; }

    public int NotApplied { get; private set; }

    public async Task RunAsync(CancellationToken ended)
    {
        while (await Pause.ForAsync(TimeSpan.FromSeconds(1 + (5 * _random.NextDouble())), ended))
        {
            await EpisodeAsync(ended);
        }
    }

    private async Task EpisodeAsync(CancellationToken ended)
    {
        Count++;
        // All that is random is drawn before anything happens: the same seed does the same, whatever takes how long.
        var first = Draw(_faults);
        var second = _random.Next(4) == 0 && cluster.Etcd!.Members.Count > 1 ? Draw([.. _faults.Where(f => f.IsLight)]) : null;
        var (preferred, index) = (_random.Next(3), _random.Next(cluster.Etcd!.Members.Count));
        var hold = TimeSpan.FromSeconds(3 + (17 * _random.NextDouble()));
        var inner = new Random(_random.Next());

        var (member, role) = await ChooseAsync(preferred, index);
        var repairs = new List<Repair>();
        var said = await BeginAsync(first, new Target(cluster, member, inner), repairs);
        if (second is not null && await Pause.ForAsync(TimeSpan.FromSeconds(1), ended))
        {
            var other = cluster.Etcd.Members.First(m => m != member);
            said += " + " + await BeginAsync(second, new Target(cluster, other, inner), repairs) + " " + other.Name;
        }

        var began = Stopwatch.GetTimestamp();
        await Pause.ForAsync(hold, ended);
        var held = Stopwatch.GetElapsedTime(began);
        foreach (var repair in Enumerable.Reverse(repairs))
        {
            await RepairAsync(repair, said);
        }

        var repaired = Stopwatch.GetTimestamp();
        var healthy = await witness.IsHealthyAsync(cluster, Patience);
        var took = Stopwatch.GetElapsedTime(repaired);
        journal.Say(string.Create(
            CultureInfo.InvariantCulture,
            $"{cluster.Name,-10} {member.Name}{role}: {said}, {held.TotalSeconds:0.0} s; healthy after {took.TotalSeconds:0.0} s"));
        if (!healthy)
        {
            journal.Problem($"{cluster.Name}: not healthy {Patience.TotalSeconds} s after the repair of '{said}' on {member.Name}: "
                + witness.Describe(cluster));
        }
    }

    private async Task<string> BeginAsync(Fault fault, Target target, List<Repair> repairs)
    {
        try
        {
            repairs.Add(await fault.BeginAsync(target));
            return fault.Name;
        }
        catch (Exception e) when (e is InvalidOperationException or TimeoutException or HttpRequestException or OperationCanceledException)
        {
            NotApplied++; // etcd refuses some orders while it elects, and so on
            var why = e.Message.Split('\n')[0];
            return $"{fault.Name} (not applied: {why[..Math.Min(why.Length, 160)]})";
        }
    }

    private async Task RepairAsync(Repair repair, string what)
    {
        try
        {
            await Condition.EventuallyAsync(
                async () =>
                {
                    try
                    {
                        await repair();
                        return true;
                    }
                    catch (Exception e) when (e is InvalidOperationException or IOException)
                    {
                        return false; // an alarm cannot be disarmed while nobody leads
                    }
                },
                Patience,
                "the repair is done");
        }
        catch (TimeoutException)
        {
            journal.Problem($"{cluster.Name}: '{what}' could not be repaired, a fault of the soak or of etcd");
        }
    }

    private async Task<(EtcdMember Member, string Role)> ChooseAsync(int preferred, int index)
    {
        if (!cluster.TellsLeader)
        {
            return (cluster.Etcd!.Members[index], "");
        }

        try
        {
            var leader = await cluster.Etcd!.LeaderAsync();
            var member = preferred == 0 ? leader : cluster.Etcd.Members[index];
            return (member, member == leader ? " (leader)" : "");
        }
        catch (TimeoutException e)
        {
            journal.Problem($"{cluster.Name}: {e.Message}");
            return (cluster.Etcd!.Members[index], "");
        }
    }

    private Fault Draw(IReadOnlyList<Fault> faults)
    {
        var at = _random.Next(faults.Sum(f => f.Weight));
        return faults.First(f => (at -= f.Weight) < 0);
    }
}
