using EtcdProbeExporter.Consensus;
using EtcdProbeExporter.Etcd;

namespace EtcdProbeExporter.Tests.Etcd;

/// <summary>The words for what is behind an endpoint, and for where a member hangs.</summary>
public sealed class EndpointKindTests
{
    [Theory]
    [InlineData(EndpointKind.Member, "member", true, "")]
    [InlineData(EndpointKind.Gateway, "gateway", true, "is a TCP gateway or load balancer")]
    [InlineData(EndpointKind.Proxy, "proxy", false, "is no member but a gRPC proxy")]
    [InlineData(EndpointKind.Compatible, "compatible", false, "is no member of etcd but a server that speaks its API")]
    internal void Each_kind_has_a_label_and_an_explanation_and_says_whether_it_speaks_for_a_member(EndpointKind kind, string label, bool speaks, string explanation)
    {
        (kind.Label(), ((EndpointKind?)kind).SpeaksForAMember()).Should().Be((label, speaks));
        kind.Explain().Should().StartWith(explanation);
        (kind.Explain().Length == 0).Should().Be(kind == EndpointKind.Member, "of a member there is nothing to explain");
    }

    [Fact]
    public void What_is_not_recognised_yet_is_taken_for_a_member() => ((EndpointKind?)null).SpeaksForAMember().Should().BeTrue();

    [Fact]
    public void The_labels_of_where_a_member_hangs_are_the_published_set_and_three_save_the_log()
    {
        StallSites.All.Select(s => s.Label()).Should().Equal("log", "apply", "defragmentation", "database", "disk", "backend", "unclear");
        StallSites.All.Where(s => s.SavesLog()).Should().Equal(StallSite.Apply, StallSite.Defragmentation, StallSite.Database);
    }

    [Fact]
    public void A_word_that_is_not_published_has_no_label()
    {
        FluentActions.Invoking(() => ((EndpointKind)99).Label()).Should().Throw<ArgumentOutOfRangeException>().WithMessage("not a kind*");
        FluentActions.Invoking(() => ((StallSite)99).Label()).Should().Throw<ArgumentOutOfRangeException>().WithMessage("not a place to hang in*");
    }
}
