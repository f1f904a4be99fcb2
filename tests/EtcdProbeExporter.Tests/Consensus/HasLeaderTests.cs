using EtcdProbeExporter.Consensus;
using EtcdProbeExporter.Etcd;

namespace EtcdProbeExporter.Tests.Consensus;

/// <summary>Whether a quorum names a leader: yes, no, or nobody knows.</summary>
public sealed class HasLeaderTests
{
    /// <summary>One letter per member of three or five: the leader it names (1 to 5), 0 none, w answers and withholds its status, d is dead.</summary>
    [Theory]
    [InlineData("111", true)]
    [InlineData("11d", true)]
    [InlineData("11w", true)]
    [InlineData("1wd", null)] // the one that withholds may follow member 1
    [InlineData("0ww", null)] // and two may follow each other
    [InlineData("www", null)]
    [InlineData("0wd", false)]
    [InlineData("1dd", false)]
    [InlineData("00w", false)]
    [InlineData("12w", null)]
    [InlineData("000", false)]
    [InlineData("ddd", false)]
    [InlineData("11wdd", null)]
    [InlineData("10wdd", false)]
    [InlineData("12wwd", null)]
    [InlineData("1", true)]
    [InlineData("w", null)]
    [InlineData("d", false)]
    public void It_is_unknown_where_those_that_do_not_tell_could_make_up_a_quorum(string members, bool? expected)
    {
        var list = Told.List(members.Length);

        var view = ClusterViews.Of(
            [.. members.Select((told, i) => Observe(i + 1, told, list))], ViewContext.None with { MemberList = list, ClusterId = Told.ClusterId });

        view.HasLeader.Should().Be(expected);
        (view.Leader is not null).Should().Be(expected == true);
    }

    [Fact]
    public void Before_anybody_answered_it_is_unknown() =>
        ClusterViews.Of([Observe(1, 'd', null), Observe(2, 'd', null)]).HasLeader.Should().BeNull();

    private static EndpointObservation Observe(int number, char told, IReadOnlyList<ClusterMember>? list)
    {
        var endpoint = $"m{number}:2379";
        var observation = new EndpointObservation { Endpoint = endpoint, State = EndpointState.Healthy, Members = list, LastMemberId = list is null ? null : (ulong)number };
        return told switch
        {
            'd' => observation with { State = EndpointState.Unreachable, Members = null },
            'w' => observation with { State = EndpointState.Unauthorized, Members = null },
            _ => observation with { Sample = new MemberSample(endpoint, Told.Status((ulong)number, (ulong)(told - '0')), TimeSpan.Zero, TimeSpan.FromMilliseconds(1)) },
        };
    }
}
