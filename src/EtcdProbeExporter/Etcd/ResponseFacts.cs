using EtcdProbeExporter.Etcd.Protos;

namespace EtcdProbeExporter.Etcd;

/// <summary>
/// What every answer says about who gave it. <paramref name="Term"/> is the term of the last entry this member applied, not raft's
/// current one (etcd server/etcdserver/server.go, setTerm in apply); it stays old on a member that does not apply.
/// </summary>
internal sealed record ResponseFacts(ulong ClusterId, ulong MemberId, long Revision, ulong Term)
{
    /// <summary>
    /// Said of an answer to a put, a transaction, a range or a status call that has no header: every etcd fills it in (server/etcdserver/
    /// api/v3rpc/header.go, fill, and apply.go before it), and what only resembles etcd (kine) sends an empty one.
    /// </summary>
    public const string Missing = "answer without a response header: not etcd?";

    /// <summary>Null when the answer carried no header, as those about alarms and members may not.</summary>
    public static ResponseFacts? From(ResponseHeader? header) =>
        header is null ? null : new ResponseFacts(header.ClusterId, header.MemberId, header.Revision, header.RaftTerm);
}
