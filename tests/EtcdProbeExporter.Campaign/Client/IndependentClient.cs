using EtcdProbeExporter.Campaign.Clusters;
using EtcdProbeExporter.Campaign.Truth;

namespace EtcdProbeExporter.Campaign.Client;

/// <summary>
/// The second opinion: a client that has nothing to do with the exporter and goes the same ways. What it meets is the truth of all that
/// the injector does not know, such as how long an election or a catch-up takes.
/// </summary>
internal sealed class IndependentClient(Identity identity, EpisodeClock clock, TimeSpan patience) : IAsyncDisposable
{
    private readonly List<EndpointClient> _running = [];
    private readonly List<EndpointClient> _ended = [];

    /// <summary>Endpoints that it writes through now.</summary>
    public IEnumerable<string> Endpoints => _running.Select(c => c.Endpoint);

    /// <param name="endpoint">As the exporter has it.</param>
    /// <param name="address">host:port where it is found.</param>
    public void Add(string endpoint, string address) => _running.Add(new EndpointClient(endpoint, $"{identity.Scheme}://{address}", identity, clock, patience));

    public async Task RemoveAsync(string endpoint)
    {
        var client = _running.Single(c => c.Endpoint == endpoint);
        _running.Remove(client);
        _ended.Add(client);
        await client.DisposeAsync();
    }

    public IReadOnlyList<Sample> SamplesOf(string endpoint) =>
        [.. _ended.Concat(_running).Where(c => c.Endpoint == endpoint).SelectMany(c => c.Samples)];

    /// <summary>The newest Status of each endpoint that answered its last question.</summary>
    public IReadOnlyDictionary<string, StatusAnswer> Statuses => _running
        .Select(c => (c.Endpoint, c.Samples.LastOrDefault(s => !s.IsWrite)?.Status))
        .Where(s => s.Status is not null)
        .ToDictionary(s => s.Endpoint, s => s.Status!);

    /// <summary>The endpoint whose member leads by the word of most members, in the newest term; null while there is none.</summary>
    public string? LeaderEndpoint()
    {
        var statuses = Statuses;
        var leader = statuses.Values.Where(s => s.Leader != 0).GroupBy(s => s.Leader).MaxBy(g => g.Count());
        return leader is not null && leader.Count() > statuses.Count / 2
            ? statuses.FirstOrDefault(s => s.Value.MemberId == leader.Key).Key
            : null;
    }

    /// <summary>Whether every request through every endpoint has ended well and fast for this long.</summary>
    public bool IsCalmFor(TimeSpan time, TimeSpan fast)
    {
        var from = clock.Now - time;
        return _running.All(c => c.Samples.Where(s => s.End >= from).ToList() is { Count: > 0 } recent
            && recent.TrueForAll(s => s.Ending == Ending.Done && s.Duration < fast && s.Status is null or { Leader: not 0 })
            && recent.Any(s => s.IsWrite));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _running)
        {
            await client.DisposeAsync();
        }

        _ended.AddRange(_running);
        _running.Clear();
    }
}
