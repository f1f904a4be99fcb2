using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Probing.Operations;

namespace EtcdProbeExporter.Probing.Endpoints;

/// <summary>
/// Recognises what is behind an endpoint by who answers on which connection, and from the member list. etcd's headers always name the member
/// (server/etcdserver/api/v3rpc/header.go); the gRPC proxy passes on those of whichever member served, and makes up a member list without
/// ids (server/proxy/grpcproxy/cluster.go); kine fills in neither. Safe for use by many threads.
/// </summary>
internal sealed class ServerRecognition(Action<EndpointKind?, EndpointKind> changed)
{
    /// <summary>How many connections are looked back at: an address that led to another member once and no more is a member's again.</summary>
    public const int ConnectionsRemembered = 4;

    private readonly Lock _lock = new();
    private readonly List<Sight> _sights = []; // in the order in which the connections were first answered on
    private bool _hasIds = true;
    private IReadOnlyList<ClusterMember>? _list; // null until somebody was asked for it
    private EndpointKind? _kind;

    /// <summary>Null until anything was answered.</summary>
    public EndpointKind? Kind
    {
        get
        {
            lock (_lock)
            {
                return _kind;
            }
        }
    }

    /// <summary>An answer that named its sender, or had a header that does not.</summary>
    /// <param name="connection">Number of the connection, different for all connections to this endpoint.</param>
    /// <param name="memberId">Id in its header; 0: none.</param>
    public void Answered(int connection, ulong memberId) => Change(() =>
    {
        _hasIds = memberId != 0;
        if (!_hasIds)
        {
            return;
        }

        var known = _sights.FindIndex(s => s.Connection == connection);
        if (known < 0)
        {
            _sights.Add(new Sight(connection, memberId, false));
            if (_sights.Count > ConnectionsRemembered)
            {
                _sights.RemoveAt(0);
            }
        }
        else if (_sights[known].MemberId != memberId)
        {
            _sights[known] = new Sight(connection, memberId, Switched: true);
        }
    });

    /// <summary>
    /// Takes note of who gave the answer of a call, unless the connection was replaced meanwhile: then nobody knows on which it came. The call
    /// may open the first.
    /// </summary>
    public async Task<ProbeOutcome> RecogniseAsync(EtcdClient client, Task<ProbeOutcome> call)
    {
        var before = client.Connections;
        var outcome = await call;
        if (outcome.Answer is { } answer && (answer.MemberId == 0 || client.Connections == Math.Max(before, 1)))
        {
            Answered(client.ConnectionNumber, answer.MemberId);
        }

        return outcome;
    }

    /// <param name="list">Null: the question was not answered, or is not allowed.</param>
    public void Listed(IReadOnlyList<ClusterMember>? list) => Change(() => _list = list ?? _list ?? []);

    private void Change(Action change)
    {
        EndpointKind? before;
        EndpointKind now;
        lock (_lock)
        {
            change();
            if (Recognise() is not { } kind || kind == _kind)
            {
                return;
            }

            (before, now) = (_kind, kind);
            _kind = kind;
        }

        changed(before, now);
    }

    private EndpointKind? Recognise()
    {
        if (!_hasIds)
        {
            return EndpointKind.Compatible;
        }

        if (_sights.Count == 0 || _list is null)
        {
            return null; // without the list, a proxy would be a member for a moment
        }

        // One connection leads to one process, unless somebody in between looks into it.
        if (_sights.Exists(s => s.Switched) || _list.Any(m => m.Id == 0))
        {
            return EndpointKind.Proxy;
        }

        return LeadsToSeveral() ? EndpointKind.Gateway : EndpointKind.Member;
    }

    // A member that was replaced has another id as well, on every connection from then on; and the old one is in the list no more.
    private bool LeadsToSeveral()
    {
        var ids = _sights.Select(s => s.MemberId).Distinct().ToList();
        var cameBack = _sights.Where((s, i) => i > 1 && s.MemberId != _sights[i - 1].MemberId && _sights.Take(i - 1).Any(e => e.MemberId == s.MemberId)).Any();
        return ids.Count > 1 && (cameBack || ids.Count(id => _list!.Any(m => m.Id == id)) > 1);
    }

    private readonly record struct Sight(int Connection, ulong MemberId, bool Switched);
}
