using EtcdProbeExporter.Etcd.Protos;
using EtcdProbeExporter.Grpc;

namespace EtcdProbeExporter.Etcd;

/// <summary>
/// Why the server has ended a watch. It says so in a message, not in a status: an error of etcd's with gRPC's words before it, or nothing
/// but the revision where its history begins.
/// </summary>
internal static class WatchEnd
{
    // Go's status.Error: "rpc error: code = Unauthenticated desc = etcdserver: …"
    private const string Start = "rpc error: code = ";
    private const string BeforeText = " desc = ";

    public static GrpcFailure Why(WatchResponse canceled)
    {
        var said = canceled.CancelReason;
        if (said.StartsWith(Start, StringComparison.Ordinal) && said.IndexOf(BeforeText, StringComparison.Ordinal) is var at and > 0)
        {
            said = said[(at + BeforeText.Length)..];
        }

        var text = said.Length > 0 ? said
            : canceled.CompactRevision > 0 ? $"{EtcdErrors.Compacted}; the history begins at {canceled.CompactRevision}"
            : "the server ended the watch and did not say why";
        return GrpcFailure.Answered(new GrpcStatus(GrpcStatusCode.Unknown, text));
    }
}
