namespace EtcdProbeExporter.Grpc;

/// <summary>Timestamps of when a request was handed to its connection, and of when its answer was complete or was given up.</summary>
internal readonly record struct CallSpan(long Sent, long Ended);
