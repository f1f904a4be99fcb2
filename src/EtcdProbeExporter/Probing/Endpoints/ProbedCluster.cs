using EtcdProbeExporter.Probing.Operations;
using EtcdProbeExporter.Probing.Schedule;

namespace EtcdProbeExporter.Probing.Endpoints;

/// <summary>What the probes of one cluster share while they run.</summary>
/// <param name="Context">What they are made from.</param>
/// <param name="Sink">Gets all that happens.</param>
/// <param name="Keys">The keys they read and write.</param>
/// <param name="Identity">Which cluster is meant.</param>
/// <param name="Start">Where the slots begin.</param>
internal sealed record ProbedCluster(ClusterContext Context, IProbeSink Sink, ProbeKeys Keys, ClusterIdentity Identity, StartLine Start);
