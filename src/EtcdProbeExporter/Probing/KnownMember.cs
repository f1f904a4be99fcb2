using EtcdProbeExporter.Etcd;

namespace EtcdProbeExporter.Probing;

/// <summary>What answers have shown of whoever is behind one endpoint. Written by its probes, read by rounds on other threads.</summary>
/// <param name="endpoint">Its label.</param>
/// <param name="identity">Which cluster is meant.</param>
/// <param name="server">What kind of server it is.</param>
internal sealed class KnownMember(string endpoint, ClusterIdentity identity, ServerRecognition server)
{
    private volatile MemberSample? _sample;
    private volatile MemberListSight _list = MemberListSight.None;
    private ulong _lastId; // 0 is no member: raft calls it None

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
