using EtcdProbeExporter.Configuration;
using EtcdProbeExporter.Etcd.Protos;
using EtcdProbeExporter.Tests.Etcd;

namespace EtcdProbeExporter.Tests.Monitoring;

/// <summary>
/// A peer that gives fixed answers, as member N of a cluster: for whom a monitor asks, what and when. What real members answer, and what
/// follows from it, is tested against real ones.
/// </summary>
internal sealed class AnsweringMember : IAsyncDisposable
{
    private readonly RecordingPeer _peer;
    private readonly ulong _id;

    private AnsweringMember(RecordingPeer peer, ulong id)
    {
        (_peer, _id) = (peer, id);
        Leader = id;
        EndpointAddress.TryParse(peer.Address.Authority, false, out var address, out _).Should().BeTrue();
        Address = address!;
        peer.Answers["Status"] = _ => Status();
        peer.Answers["Put"] = _ => new PutResponse { Header = Header() };
        peer.Answers["Range"] = _ => new RangeResponse { Header = Header() };
        peer.Answers["MemberList"] = _ => new MemberListResponse { Header = Header(), Members = { Names.Select(m => m.AsMember()) } };
        peer.Answers["HashKV"] = _ => new HashKVResponse { Header = Header(), Hash = Hash, CompactRevision = 1 };
        Names = [this];
    }

    public EndpointAddress Address { get; }

    public ulong Leader { get; set; }

    public ulong Term { get; set; } = 7;

    public uint Hash { get; set; } = 0xabc;

    /// <summary>From that number of Status on, it knows this leader and this term.</summary>
    public (int Status, ulong Leader, ulong Term)? Later { get; set; }

    /// <summary>The members on its list.</summary>
    public IReadOnlyList<AnsweringMember> Names { get; set; } = [];

    public IReadOnlyList<RecordingPeer.Request> Requests => _peer.Requests;

    public static async Task<AnsweringMember> StartAsync(ulong id) => new(await RecordingPeer.StartAsync(new ManualTime()), id);

    public int Asked(string method) => _peer.Methods.Count(m => m == method);

    public ValueTask DisposeAsync() => _peer.DisposeAsync();

    private StatusResponse Status()
    {
        if (Later is { } later && Asked("Status") >= later.Status)
        {
            (Leader, Term) = (later.Leader, later.Term);
        }

        return new StatusResponse { Header = Header(), Leader = Leader, RaftTerm = Term, RaftIndex = 10, RaftAppliedIndex = 10, Version = "3.5.16" };
    }

    private Member AsMember() => new() { ID = _id, Name = $"m{_id}", ClientURLs = { Address.ToString() } };

    private ResponseHeader Header() => new() { ClusterId = 0xc1, MemberId = _id, Revision = 40, RaftTerm = Term };
}
