using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Probing.Operations;

namespace EtcdProbeExporter.Probing.Endpoints;

/// <summary>What answers have shown of whoever is behind one endpoint. Written by its probes, read by rounds on other threads.</summary>
/// <param name="endpoint">Its label.</param>
/// <param name="identity">Which cluster is meant.</param>
/// <param name="server">What kind of server it is.</param>
internal sealed class KnownMember(string endpoint, ClusterIdentity identity, ServerRecognition server)
{
    private volatile MemberSample? _sample;
    private volatile MemberListSight _list = MemberListSight.None;
    private ulong _lastId; // 0 is no member: raft calls it None

    /// <summary>The label of the endpoint.</summary>
    public string Endpoint => endpoint;

    /// <summary>What kind of server it is.</summary>
    public ServerRecognition Server => server;

    /// <summary>The newest status and when it was true; null when the newest question for it failed, or was met with silence for long.</summary>
    public MemberSample? Sample => _sample;

    /// <summary>The member that last answered here, even if it does not answer now; null when none ever did.</summary>
    public ulong? LastId => Volatile.Read(ref _lastId) is not 0 and var id ? id : null;

    public MemberListSight List => _list;

    public void Keep(MemberSample? sample)
    {
        _sample = sample;
        Recognise(sample?.Status.ClusterId, sample?.Status.MemberId);
    }

    public void Recognise(ulong? clusterId, ulong? memberId)
    {
        if (clusterId is { } cluster)
        {
            identity.Shows(endpoint, cluster);
        }

        if (memberId is { } id)
        {
            Volatile.Write(ref _lastId, id);
        }
    }

    /// <param name="list">Null: none was had.</param>
    /// <param name="isSilent">Nothing at all came of the question.</param>
    /// <param name="sent">When it was asked; monotonic.</param>
    /// <param name="now">When it was answered, or given up.</param>
    public void Listed(IReadOnlyList<ClusterMember>? list, bool isSilent, TimeSpan sent, TimeSpan now)
    {
        _list = _list.After(list, isSilent, sent, now);
        server.Listed(list);
    }

    /// <summary>What a member said of itself is not known any more when it does not even answer from its memory.</summary>
    public void ForgetStatusIfSilent()
    {
        if (_sample is { } sample && _list.SilentSince > sample.Received)
        {
            Interlocked.CompareExchange(ref _sample, null, sample);
        }
    }
}

/// <summary>What asking a member for its list brought last. Times are on the monotonic clock.</summary>
/// <param name="List">Null when the newest question was not answered, or may not be asked.</param>
/// <param name="AnsweredAt">When the newest answer was here; null while none was.</param>
/// <param name="SilentSince">When the newest question was sent, if nothing came on it; null when something did.</param>
internal sealed record MemberListSight(IReadOnlyList<ClusterMember>? List, TimeSpan? AnsweredAt, TimeSpan? SilentSince)
{
    public static readonly MemberListSight None = new(null, null, null);

    /// <summary>A question that was answered, or was not; one that is older than the newest answer brings no news by its silence.</summary>
    public MemberListSight After(IReadOnlyList<ClusterMember>? list, bool isSilent, TimeSpan sent, TimeSpan now) =>
        !isSilent ? new MemberListSight(list, now, null)
        : AnsweredAt >= sent ? this
        : new MemberListSight(null, AnsweredAt, sent);
}
