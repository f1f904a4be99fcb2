using System.Net;

namespace EtcdProbeExporter.Grpc;

/// <summary>The addresses of a host name; throws when it has none.</summary>
internal delegate Task<IPAddress[]> NameLookup(string host, CancellationToken cancellationToken);
