namespace EtcdProbeExporter.Configuration;

/// <summary>How a cluster is proven to accept writes.</summary>
internal enum WriteMode
{
    /// <summary>Overwrites one small key per endpoint and one per cluster.</summary>
    Put,

    /// <summary>A transaction that crosses raft and the WAL and changes nothing.</summary>
    Commit,

    /// <summary>Reads only.</summary>
    None,
}
