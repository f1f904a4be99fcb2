using EtcdProbeExporter.Configuration;
using EtcdProbeExporter.Consensus;
using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Monitoring;
using EtcdProbeExporter.Probing.Endpoints;
using EtcdProbeExporter.Tests.Consensus;

namespace EtcdProbeExporter.Tests.Monitoring;

public sealed class DiscoveryTests
{
    private readonly List<EndpointSnapshot> _probed = [Probed("http://m1:2379", EndpointSource.Configured)];

    [Fact]
    public void Members_that_no_endpoint_leads_to_are_found()
    {
        Follow(New(), Told.List(3)).Found.Select(a => a.ToString()).Should().Equal("http://m2:2379", "http://m3:2379");
    }

    [Fact]
    public void A_member_that_answers_behind_another_address_is_known()
    {
        _probed.Add(Probed("http://balancer:2379", EndpointSource.Configured, member: 2));

        Follow(New(), Told.List(3)).Found.Select(a => a.Label).Should().Equal("m3:2379");
    }

    [Fact]
    public void A_member_that_has_not_started_has_no_address_to_probe()
    {
        Follow(New(), [.. Told.List(1), new ClusterMember(9, "", [], false)]).Found.Should().BeEmpty();
    }

    [Fact]
    public void A_discovered_endpoint_goes_after_five_rounds_without_it_and_a_configured_one_never()
    {
        _probed.Add(Probed("http://m2:2379", EndpointSource.Discovered));
        var discovery = New();
        IReadOnlyList<ClusterMember> others = [new(7, "m7", ["http://m7:2379"], false)];

        for (var round = 1; round < Discovery.RoundsUntilGone; round++)
        {
            Follow(discovery, others).Gone.Should().BeEmpty();
        }

        Follow(discovery, others).Gone.Select(a => a.Label).Should().Equal("m2:2379");
    }

    [Fact]
    public void One_round_with_it_starts_the_count_anew()
    {
        _probed.Add(Probed("http://m2:2379", EndpointSource.Discovered));
        var discovery = New();
        for (var round = 0; round < 20; round++)
        {
            Follow(discovery, round % 4 == 3 ? Told.List(2) : Told.List(1)).Gone.Should().BeEmpty();
        }
    }

    [Fact]
    public void A_cluster_with_tls_is_never_followed_to_plain_text()
    {
        var discovery = New("https://m1:2379");

        Follow(discovery, [new ClusterMember(2, "m2", ["http://m2:2379", "https://m2:2380"], false), new ClusterMember(3, "m3", ["http://m3:2379"], false)])
            .Found.Select(a => a.ToString()).Should().Equal("https://m2:2380");
    }

    [Fact]
    public void One_secured_endpoint_makes_a_secured_cluster()
    {
        var discovery = new Discovery(new ClusterConfiguration { Name = "a", Endpoints = [Address("http://m1:2379"), Address("https://m1:2380")] });

        Follow(discovery, [.. Told.List(2), new ClusterMember(3, "m3", ["https://m3:2379"], false)]).Found.Select(a => a.ToString()).Should().Equal("https://m3:2379");
    }

    [Fact]
    public void Without_a_list_nothing_changes()
    {
        New().Follow(ClusterViews.Of([Told.Endpoint("m1:2379", null)]), _probed).Should().BeEquivalentTo(new DiscoveryChanges([], [], 0));
    }

    [Fact]
    public void Of_a_list_of_thousands_a_few_are_probed_and_the_rest_is_counted()
    {
        var discovery = New();
        var list = Told.List(2000);

        var first = Follow(discovery, list);
        (first.Found.Count, first.Left).Should().Be((Discovery.MostDiscovered, 2000 - 1 - Discovery.MostDiscovered));

        _probed.AddRange(first.Found.Select(a => Probed(a.ToString(), EndpointSource.Discovered)));
        var second = Follow(discovery, list);
        (second.Found.Count, second.Gone.Count, second.Left, discovery.Left).Should().Be((0, 0, first.Left, first.Left));

        Follow(discovery, Told.List(1 + Discovery.MostDiscovered));
        discovery.Left.Should().Be(0, "there is room for all of a shorter list");
    }

    [Fact]
    public void A_member_is_found_once_under_its_first_address_that_can_be_probed()
    {
        Follow(New(), [.. Told.List(1), new ClusterMember(2, "m2", ["unix://m2", "http://m2:1", "http://m2:2"], false), new ClusterMember(3, "m3", ["http://m2:1"], false)])
            .Found.Select(a => a.ToString()).Should().Equal("http://m2:1");
    }

    [Fact]
    public void A_cluster_without_tls_is_not_followed_to_it_and_has_no_credentials_for_it()
    {
        Follow(New(), [.. Told.List(1), new ClusterMember(2, "m2", ["https://m2:2379"], false)]).Found.Should().BeEmpty();
    }

    [Fact]
    public void Any_of_its_addresses_makes_a_member_known()
    {
        _probed.Add(Probed("http://m2:2", EndpointSource.Discovered));
        var discovery = New();

        for (var round = 0; round < 2 * Discovery.RoundsUntilGone; round++)
        {
            Follow(discovery, [.. Told.List(1), new ClusterMember(2, "m2", ["http://m2:1", "http://m2:2"], false)]).Should().BeEquivalentTo(new DiscoveryChanges([], [], 0));
        }
    }

    [Fact]
    public void An_address_that_is_probed_already_is_not_probed_again_for_another_member()
    {
        _probed.Add(Probed("http://m2:2", EndpointSource.Configured, member: 7));

        Follow(New(), [.. Told.List(1), new ClusterMember(2, "m2", ["http://m2:1", "http://m2:2"], false)]).Found.Should().BeEmpty();
    }

    [Fact]
    public void An_endpoint_that_is_gone_and_comes_again_has_its_rounds_anew()
    {
        _probed.Add(Probed("http://m2:2379", EndpointSource.Discovered));
        var discovery = New();
        int Rounds() => Enumerable.Range(1, 20).First(_ => Follow(discovery, Told.List(1)).Gone.Count > 0);

        (Rounds(), Rounds()).Should().Be((Discovery.RoundsUntilGone, Discovery.RoundsUntilGone));
    }

    [Fact]
    public void What_is_discovered_already_takes_up_room_and_what_is_configured_does_not()
    {
        _probed.AddRange(Enumerable.Range(100, 30).Select(i => Probed($"http://m{i}:2379", EndpointSource.Discovered)));
        _probed.Add(Probed("http://m200:2379", EndpointSource.Configured));

        var changes = Follow(New(), Told.List(5));

        (changes.Found.Count, changes.Left).Should().Be((2, 2));
        changes.Found.Select(a => a.Label).Should().Equal("m2:2379", "m3:2379");
    }

    private static Discovery New(string endpoint = "http://m1:2379") => new(new ClusterConfiguration { Name = "a", Endpoints = [Address(endpoint)] });

    private DiscoveryChanges Follow(Discovery discovery, IReadOnlyList<ClusterMember> list) =>
        discovery.Follow(ClusterViews.Of([Told.Endpoint("m1:2379", Told.Status(1, leader: 1), members: list)]), _probed);

    private static EndpointAddress Address(string text) =>
        EndpointAddress.TryParse(text, false, out var address, out var error) ? address! : throw new ArgumentException(error);

    private static EndpointSnapshot Probed(string address, EndpointSource source, ulong? member = null) => new()
    {
        Address = Address(address),
        Source = source,
        Operations = [],
        Sample = null,
        LastMemberId = member,
        Members = null,
        ClientCertificateNotAfter = null,
        PeerCertificateNotAfter = null,
    };
}
