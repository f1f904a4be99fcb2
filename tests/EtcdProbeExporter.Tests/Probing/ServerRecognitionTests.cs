using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Probing.Endpoints;

namespace EtcdProbeExporter.Tests.Probing;

public sealed class ServerRecognitionTests
{
    private const ulong A = 0xa, B = 0xb, C = 0xc;

    private readonly List<EndpointKind> _told = [];
    private readonly ServerRecognition _server;

    public ServerRecognitionTests()
    {
        _server = new ServerRecognition((_, kind) => _told.Add(kind));
    }

    [Fact]
    public void Nothing_is_known_before_an_answer_and_the_list()
    {
        _server.Listed(List(A, B));
        _server.Kind.Should().BeNull();

        var other = new ServerRecognition((_, _) => { });
        other.Answered(1, A);
        other.Kind.Should().BeNull("a proxy's list tells it from a member");

        other.Listed(null);
        other.Kind.Should().Be(EndpointKind.Member, "the list is not to be had");
    }

    [Fact]
    public void One_member_on_every_connection_is_a_member()
    {
        _server.Listed(List(A, B, C));
        for (var connection = 1; connection < 10; connection++)
        {
            _server.Answered(connection, A);
            _server.Answered(connection, A);
        }

        _told.Should().Equal(EndpointKind.Member);
    }

    [Fact]
    public void Two_members_of_the_list_on_two_connections_are_behind_a_gateway()
    {
        _server.Listed(null);
        _server.Answered(1, A);
        _server.Answered(2, B);
        _server.Kind.Should().Be(EndpointKind.Member, "it may have been replaced");

        _server.Listed(List(A, B, C));

        _server.Kind.Should().Be(EndpointKind.Gateway);
    }

    [Fact]
    public void Without_a_list_a_member_that_comes_back_tells_a_gateway()
    {
        _server.Listed(null);
        foreach (var (connection, member) in new[] { (1, A), (2, B), (3, A) })
        {
            _server.Answered(connection, member);
        }

        _told.Should().Equal(EndpointKind.Member, EndpointKind.Gateway);
    }

    [Fact]
    public void A_member_that_was_replaced_is_a_member()
    {
        _server.Listed(List(A, B));
        _server.Answered(1, A);
        _server.Listed(List(B, C));
        _server.Answered(2, C);
        _server.Answered(3, C);

        _told.Should().Equal(EndpointKind.Member);
    }

    [Fact]
    public void An_address_that_was_given_to_another_member_once_is_a_members_again()
    {
        _server.Listed(List(A, B));
        _server.Answered(1, A);
        for (var connection = 2; connection < 2 + ServerRecognition.ConnectionsRemembered; connection++)
        {
            _server.Answered(connection, B);
        }

        _told.Should().Equal(EndpointKind.Member, EndpointKind.Gateway, EndpointKind.Member);
    }

    [Fact]
    public void Two_members_on_one_connection_are_behind_a_proxy()
    {
        _server.Listed(List(A, B));
        _server.Answered(1, A);
        _server.Answered(1, B);
        _server.Answered(1, A);

        _told.Should().Equal(EndpointKind.Member, EndpointKind.Proxy);
    }

    [Fact]
    public void A_list_without_ids_is_a_proxys()
    {
        _server.Listed(List(0));
        _server.Answered(1, A);

        _told.Should().Equal(EndpointKind.Proxy);
    }

    [Fact]
    public void Answers_without_ids_are_those_of_something_compatible()
    {
        _server.Listed(List(0));
        _server.Answered(1, 0);
        _told.Should().Equal(EndpointKind.Compatible);

        _server.Listed(List(A));
        _server.Answered(2, A);
        _told.Should().Equal([EndpointKind.Compatible, EndpointKind.Member], "the address is another server's now");
    }

    private static List<ClusterMember> List(params ulong[] ids) => [.. ids.Select(id => new ClusterMember(id, "", [], false))];
}
