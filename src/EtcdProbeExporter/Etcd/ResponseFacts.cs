using EtcdProbeExporter.Etcd.Protos;

namespace EtcdProbeExporter.Etcd;

/// <summary>
/// What every answer says about who gave it. <paramref name="Term"/> is the term of the last entry this member applied, not raft's
/// current one (etcd server/etcdserver/server.go, setTerm in apply); it stays old on a member that does not apply.
/// </summary>
internal sealed record ResponseFacts(ulong ClusterId, ulong MemberId, long Revision, ulong Term)
{
    /// <summary>Null when the answer carried no header, as some of 3.4 do not.</summary>
    public static ResponseFacts? From(ResponseHeader? header) =>
        header is null ? null : new ResponseFacts(header.ClusterId, header.MemberId, header.Revision, header.RaftTerm);
}
