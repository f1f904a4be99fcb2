using System.Runtime.CompilerServices;
using EtcdProbeExporter.Probing.Operations;

namespace EtcdProbeExporter.Probing.Cluster;

/// <summary>
/// In which order the endpoints are asked for one operation of the cluster: beginning with another one each time, first those that served
/// when they were asked last, then the rest. One that failed or was left behind is asked first again when its own probe of that operation
/// was served as fast as the cluster's is expected to be. Learners refuse linearizable calls and are asked only where there is nobody else.
/// Not safe for two threads at once.
/// </summary>
/// <typeparam name="T">What leads to an endpoint.</typeparam>
/// <param name="ownProbe">The last probe of the operation through that endpoint alone; null before the first.</param>
/// <param name="isLearner">Whether it says so of itself.</param>
internal sealed class ServingOrder<T>(Func<T, ProbeResult?> ownProbe, Func<T, bool> isLearner)
    where T : class
{
    private readonly ConditionalWeakTable<T, StrongBox<TimeSpan>> _leftBehind = []; // monotonic time; goes with an endpoint that is probed no more

    /// <summary>Made as it is needed: of a thousand endpoints one is asked, as a rule.</summary>
    public IEnumerable<T> Of(IReadOnlyList<T> endpoints, long slot, TimeSpan patience)
    {
        List<T> later = [];
        List<T> learners = [];
        for (var i = 0; i < endpoints.Count; i++)
        {
            var endpoint = endpoints[(int)((slot + i) % endpoints.Count)];
            if (isLearner(endpoint))
            {
                learners.Add(endpoint);
            }
            else if (Serves(endpoint, patience))
            {
                yield return endpoint;
            }
            else
            {
                later.Add(endpoint);
            }
        }

        foreach (var endpoint in learners.Count == endpoints.Count ? learners : later)
        {
            yield return endpoint;
        }
    }

    public void Served(T endpoint) => _leftBehind.Remove(endpoint);

    /// <param name="endpoint">Failed, or was silent while another served.</param>
    /// <param name="asked">Monotonic time when it was asked.</param>
    public void LeftBehind(T endpoint, TimeSpan asked) => _leftBehind.AddOrUpdate(endpoint, new StrongBox<TimeSpan>(asked));

    private bool Serves(T endpoint, TimeSpan patience) =>
        !_leftBehind.TryGetValue(endpoint, out var since)
        || (ownProbe(endpoint) is { Succeeded: true } own && own.Sent > since.Value && own.Duration <= patience);
}
