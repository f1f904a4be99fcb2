namespace EtcdProbeExporter.Campaign.Truth;

/// <summary>Everything the injector did in one episode.</summary>
internal sealed class Ledger(EpisodeClock clock)
{
    private readonly List<Injury> _injuries = [];
    private readonly List<(TimeSpan At, int Voters)> _voters = [];
    private readonly HashSet<string> _allowed = [];
    private readonly List<(TimeSpan At, string What)> _deeds = [];

    public IReadOnlyList<Injury> Injuries => _injuries;

    /// <summary>Violations and verdicts that a fault makes right; see <see cref="Allow"/>.</summary>
    public IReadOnlySet<string> Allowed => _allowed;

    /// <summary>Violations that must be seen.</summary>
    public HashSet<string> Expected { get; } = [];

    public IReadOnlyList<(TimeSpan At, string What)> Deeds => _deeds;

    /// <summary>Of an endpoint that comes or goes: from when, to when.</summary>
    public Dictionary<string, (TimeSpan From, TimeSpan To)> Lives { get; } = [];

    public void Note(string what) => _deeds.Add((clock.Now, what));

    public void Add(Injury injury) => _injuries.Add(injury);

    public void Allow(string violationOrVerdict) => _allowed.Add(violationOrVerdict);

    public void Expect(string violation) => Expected.Add(violation);

    public void SetVoters(int voters) => _voters.Add((clock.Now, voters));

    /// <summary>The number of voters, where it did not change in this time.</summary>
    public int? VotersIn(TimeSpan from, TimeSpan to) =>
        _voters.Exists(v => v.At > from && v.At <= to) ? null : _voters.LastOrDefault(v => v.At <= from) is { Voters: > 0 } last ? last.Voters : null;

    /// <summary>Begins a injury, does what brings it about, and returns what takes it away again and ends it.</summary>
    public async Task<Func<Task>> HoldAsync(IReadOnlyList<Injury> injuries, Func<Task> begin, Func<Task> end)
    {
        foreach (var injury in injuries)
        {
            injury.From = clock.Now;
            Add(injury);
        }

        try
        {
            await begin();
        }
        catch
        {
            foreach (var injury in injuries)
            {
                injury.Ending = injury.To = clock.Now;
            }

            throw;
        }

        foreach (var injury in injuries)
        {
            injury.Confirmed = clock.Now;
        }

        return async () =>
        {
            foreach (var injury in injuries)
            {
                injury.Ending = Min(injury.Ending, clock.Now);
            }

            await end();
            foreach (var injury in injuries)
            {
                injury.To = clock.Now;
            }
        };
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
