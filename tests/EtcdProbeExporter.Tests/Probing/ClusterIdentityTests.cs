using EtcdProbeExporter.Probing.Operations;

namespace EtcdProbeExporter.Tests.Probing;

public sealed class ClusterIdentityTests
{
    private readonly ClusterIdentity _identity = new();

    [Fact]
    public void Before_most_have_spoken_it_is_what_most_of_those_say_who_have()
    {
        Add("a", "b", "c", "x");
        _identity.Id.Should().BeNull();

        _identity.Shows("x", 9);
        _identity.Id.Should().Be(9, "nobody else has said anything");
        _identity.Shows("a", 1);
        _identity.Id.Should().Be(1, "of equals the one configured first");
        _identity.Shows("b", 1);
        _identity.Shows("c", 1);
        _identity.Id.Should().Be(1);
    }

    [Fact]
    public void Once_settled_it_outlives_its_members_and_a_stranger_does_not_become_it()
    {
        Add("a", "b", "c", "x");
        Show(1, "a", "b", "c");

        _identity.Shows("x", 9);
        _identity.Shows("x", 9);

        _identity.Id.Should().Be(1);
        _identity.Means(9).Should().BeFalse();
        _identity.Means(1).Should().BeTrue();
        _identity.Means(null).Should().BeTrue();
        _identity.Means(0).Should().BeTrue("a server without an id says nothing of its cluster");
    }

    [Fact]
    public void It_changes_when_most_of_those_that_had_shown_it_show_the_same_other_one()
    {
        Add("a", "b", "c");
        Show(1, "a", "b", "c");

        _identity.Shows("a", 2);
        _identity.Id.Should().Be(1);
        _identity.Shows("b", 3);
        _identity.Id.Should().Be(1, "two that differ are no majority");
        _identity.Shows("b", 2);
        _identity.Id.Should().Be(2);
        _identity.Shows("c", 2);
        _identity.Id.Should().Be(2);
    }

    [Fact]
    public void Strangers_have_no_vote_in_a_change()
    {
        Add("a", "b", "c", "x", "y", "z");
        Show(1, "a", "b", "c");
        Show(1, "x");
        _identity.Shows("x", 9);
        Show(9, "y", "z");

        _identity.Shows("a", 9);

        _identity.Id.Should().Be(1, "one of its own and three others are not most of its own");
    }

    [Fact]
    public void An_answer_without_an_id_says_nothing()
    {
        Add("a");
        _identity.Shows("a", 0);

        _identity.Id.Should().BeNull();
    }

    [Fact]
    public void An_endpoint_that_is_gone_has_no_vote()
    {
        Add("a", "b", "c");
        Show(1, "a", "b", "c");
        _identity.Remove("b");
        _identity.Remove("c");

        _identity.Shows("a", 2);

        _identity.Id.Should().Be(2);
    }

    private void Add(params string[] endpoints) => endpoints.ToList().ForEach(_identity.Add);

    private void Show(ulong id, params string[] endpoints) => endpoints.ToList().ForEach(e => _identity.Shows(e, id));
}
