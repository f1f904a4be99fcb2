using EtcdProbeExporter.Consensus;
using EtcdProbeExporter.Etcd;

namespace EtcdProbeExporter.Tests.Consensus;

/// <summary>
/// A cluster that follows raft's rules under random faults, in steps of 100 ms: one vote per term, so one leader per term; a leader commits
/// only with a quorum; one that hangs cannot step down; one that is cut off steps down after one to two seconds; the visible term is that of
/// the last applied entry, and applying may lag for long.
/// </summary>
internal sealed class RaftSimulation
{
    public const int StepsPerSecond = 10;

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    private readonly Random _random;
    private readonly List<SimulatedMember> _members;
    private readonly List<ulong> _terms = [1]; // the term of each entry of the one committed log
    private readonly IReadOnlyList<ClusterMember> _list;
    private readonly EndpointObservation[] _observations;
    private ulong _term = 1;
    private (ulong Id, TimeSpan At) _elected;
    private int _leaderless;
    private int _now;

    public RaftSimulation(int seed)
    {
        _random = new Random(seed);
        var size = _random.Next(2) == 0 ? 3 : 5;
        _members = [.. Enumerable.Range(1, size).Select(i => new SimulatedMember((ulong)i))];
        _list = [.. _members.Select(m => new ClusterMember(m.Id, $"m{m.Id}", [$"http://m{m.Id}:2379"], false))];
        _observations = [.. _members.Select(m => new EndpointObservation { Endpoint = $"m{m.Id}:2379", State = EndpointState.Unknown })];
        Elect();
    }

    /// <summary>No faults at all.</summary>
    public bool Calm { get; set; }

    public TimeSpan Now => Step * _now;

    /// <summary>Set by tests that want raft broken: a second leader that commits by itself, at the same term or at its own.</summary>
    public SimulatedMember? RogueLeader { get; private set; }

    public bool RogueShowsSameTerm { get; private set; }

    public IReadOnlyList<EndpointObservation> Observations => _observations;

    public void Advance()
    {
        _now++;
        Misfortune();
        foreach (var member in _members)
        {
            Live(member);
        }

        var leader = Leader();
        if (leader is null)
        {
            if (++_leaderless > 10 + _random.Next(10))
            {
                Elect();
            }

            return;
        }

        _leaderless = 0;
        Append(leader, _random.Next(4));
    }

    /// <summary>Breaks raft: some follower starts to lead and to commit on its own.</summary>
    public void AddRogueLeader(bool sameTerm)
    {
        RogueLeader = _members.First(m => !m.Leads);
        RogueLeader.Leads = true;
        RogueLeader.Follows = RogueLeader.Id;
        RogueShowsSameTerm = sameTerm;
    }

    /// <summary>Since when this member leads, if it was the last to be elected and a quorum takes part with it.</summary>
    public TimeSpan? LeadsSince(ulong id) =>
        _elected.Id == id && _members.Find(m => m.Id == id) is { Leads: true } leader && HasQuorum(leader) ? _elected.At : null;

    /// <summary>Asks one member, as a status probe would: true at one step between sending and receiving; or no answer.</summary>
    public void Sample(int index)
    {
        var member = _members[index];
        var answers = member.Up && !(member.Stalled && _random.Next(3) == 0) && _random.Next(50) != 0;
        var early = Step * _random.NextDouble() * 0.9;
        var late = Step * _random.NextDouble() * 0.9;
        _observations[index] = _observations[index] with
        {
            State = answers && member.TakesPart ? EndpointState.Healthy : EndpointState.WriteStalled,
            Sample = answers ? new MemberSample(_observations[index].Endpoint, Status(member), Now - early, Now + late) : null,
            Members = answers ? _list : null,
            LastMemberId = member.Id,
        };
    }

    public void SampleAll()
    {
        for (var i = 0; i < _members.Count; i++)
        {
            Sample(i);
        }
    }

    public int Size => _members.Count;

    private void Misfortune()
    {
        if (Calm || _random.Next(8) != 0)
        {
            return;
        }

        var member = _members[_random.Next(_members.Count)];
        member = _random.Next(3) == 0 ? _members.Find(m => m.Leads) ?? member : member; // leaders are worth more
        switch (_random.Next(6))
        {
            case 0:
                member.Stalled = !member.Stalled;
                break;
            case 1:
                member.CutOff = !member.CutOff;
                break;
            case 2 when member.Up && member != RogueLeader:
                member.Up = false;
                member.Leads = false;
                member.Follows = 0;
                break;
            case 2 or 3:
                member.Up = true;
                break;
            case 4:
                member.ApplyRate = _random.Next(2) == 0 ? 1 : 50;
                break;
            default:
                member.Stalled = member.CutOff = false;
                break;
        }
    }

    /// <summary>What a member does by itself in one step: apply, lose patience, hear of a newer leader.</summary>
    private void Live(SimulatedMember member)
    {
        if (!member.Up)
        {
            return;
        }

        member.Applied = Math.Min(member.Commit, member.Applied + (ulong)member.ApplyRate);
        if (member.Stalled || member == RogueLeader)
        {
            if (member == RogueLeader)
            {
                member.Commit += (ulong)_random.Next(3);
            }

            return;
        }

        // A leader of an older term that wakes up hears of the newer one from whomever it reaches first.
        if (member.Leads && member.Id != _elected.Id && member.TakesPart && _members.Any(m => m != member && m.TakesPart))
        {
            member.Leads = false;
            member.Follows = 0;
        }

        var leader = Leader();
        if (leader is not null && leader != member && !member.CutOff)
        {
            if (member.Leads && _random.Next(2) == 0)
            {
                // Acknowledgements that were under way when it hung arrive before the news of its successor.
                member.Commit = Math.Min(member.Commit + 1, (ulong)_terms.Count);
            }

            member.Leads = false;
            member.Follows = leader.Id;
            member.Commit = Math.Max(member.Commit, leader.Commit);
            member.Alone = 0;
        }
        else if (leader == member)
        {
            member.Alone = 0;
        }
        else if (++member.Alone > 10 + _random.Next(10))
        {
            member.Leads = false;
            member.Follows = 0;
        }
    }

    // Only who was elected last can lead: a quorum has voted at its term.
    private SimulatedMember? Leader() => _members.Find(m => m.Id == _elected.Id && m.Leads && m != RogueLeader && m.TakesPart && HasQuorum(m));

    private bool HasQuorum(SimulatedMember leader) =>
        leader.TakesPart && _members.Count(m => m.TakesPart) > _members.Count / 2;

    private void Elect()
    {
        var electorate = _members.Where(m => m.TakesPart && m != RogueLeader).ToList();
        if (_members.Count(m => m.TakesPart) <= _members.Count / 2 || electorate.Count == 0)
        {
            return;
        }

        _term++;
        _leaderless = 0;
        var winner = electorate[_random.Next(electorate.Count)];
        _elected = (winner.Id, Now);
        foreach (var voter in electorate)
        {
            voter.Leads = voter == winner;
            voter.Follows = winner.Id;
            voter.Alone = 0;
        }

        Append(winner, 1); // a leader begins with an empty entry of its own term
    }

    private void Append(SimulatedMember leader, int entries)
    {
        for (var i = 0; i < entries; i++)
        {
            _terms.Add(_term);
        }

        leader.Commit = (ulong)_terms.Count;
    }

    private MemberStatus Status(SimulatedMember member)
    {
        var term = member.Applied == 0 ? 1 : _terms[(int)Math.Min(member.Applied, (ulong)_terms.Count) - 1];
        if (member == RogueLeader)
        {
            term = RogueShowsSameTerm ? _members.Max(m => m == RogueLeader || m.Applied == 0 ? 1 : _terms[(int)m.Applied - 1]) : _term + 7;
        }

        return new MemberStatus
        {
            ClusterId = 0xc1,
            MemberId = member.Id,
            Revision = (long)member.Applied,
            Version = "3.5.0",
            Leader = member.Follows,
            Term = term,
            RaftIndex = member.Commit,
            RaftAppliedIndex = member.Applied,
            DbSize = 1,
            DbSizeInUse = 1,
            DbSizeQuota = null,
            IsLearner = false,
            Errors = [],
            Alarms = [],
        };
    }
}
