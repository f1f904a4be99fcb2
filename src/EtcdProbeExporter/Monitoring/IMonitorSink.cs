using EtcdProbeExporter.Configuration;
using EtcdProbeExporter.Probing.Operations;

namespace EtcdProbeExporter.Monitoring;

/// <summary>Gets everything that happens while one cluster is watched: in its probes, and in the rounds that judge them.</summary>
internal interface IMonitorSink : IProbeSink
{
    /// <summary>A round is over. Rounds come one after the other, while probes report on other threads.</summary>
    void Report(RoundOutcome round);
}

/// <summary>What probes report goes to the judge, which holds later answers against it, and on to <paramref name="next"/>.</summary>
internal sealed class WitnessedProbes(IProbeSink next, RoundJudge judge) : IProbeSink
{
    public void Opened(EndpointAddress endpoint) => next.Opened(endpoint);

    public void Report(EndpointAddress? endpoint, ProbeEvent happened)
    {
        next.Report(endpoint, happened);
        if (happened is ProbeEvent.Finished { Result: var result })
        {
            judge.Witness(result);
        }
    }

    public void Closed(EndpointAddress endpoint) => next.Closed(endpoint);
}
