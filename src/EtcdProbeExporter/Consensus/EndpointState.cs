namespace EtcdProbeExporter.Consensus;

/// <summary>The one word on an endpoint. Which evidence leads to which is in <see cref="EndpointStates"/>.</summary>
internal enum EndpointState
{
    Healthy,
    Slow,
    WriteStalled,
    ApplyStalled,
    WatchStalled,
    Defragmenting,
    Unresponsive,
    Unreachable,
    TlsError,
    Unauthorized,
    NoLeader,
    NoSpace,
    Corrupt,
    Learner,
    Foreign,
    Unknown,
}
