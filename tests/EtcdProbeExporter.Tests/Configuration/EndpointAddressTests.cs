using EtcdProbeExporter.Configuration;

namespace EtcdProbeExporter.Tests.Configuration;

public sealed class EndpointAddressTests
{
    [Theory]
    [InlineData("etcd-1", "http://etcd-1:2379")]
    [InlineData("etcd_1:2380", "http://etcd_1:2380")]
    [InlineData("ETCD.Example.COM:2379", "http://etcd.example.com:2379")]
    [InlineData("HTTPS://Etcd:1", "https://etcd:1")]
    [InlineData("http://10.0.0.1:65535/", "http://10.0.0.1:65535")]
    [InlineData("https://10.0.0.1", "https://10.0.0.1:2379")]
    [InlineData("[::1]", "http://[::1]:2379")]
    [InlineData("https://[2001:DB8:0:0::1]:2379", "https://[2001:db8::1]:2379")]
    [InlineData("MÜNCHEN.example:2379", "http://xn--mnchen-3ya.example:2379")]
    public void Addresses_are_brought_into_one_form(string text, string canonical)
    {
        EndpointAddress.TryParse(text, tlsByDefault: false, out var address, out var error).Should().BeTrue(error);

        address!.ToString().Should().Be(canonical);
        address.Label.Should().Be(canonical[(canonical.IndexOf("//", StringComparison.Ordinal) + 2)..]);
        address.Uri.Port.Should().Be(address.Port);
        EndpointAddress.TryParse(address.ToString(), tlsByDefault: false, out var again, out _).Should().BeTrue();
        again.Should().Be(address);
    }

    [Theory]
    [InlineData("etcd:2379", true)]
    [InlineData("http://etcd:2379", false)]
    [InlineData("https://etcd:2379", true)]
    public void A_certificate_option_decides_only_about_addresses_without_a_scheme(string text, bool isTls)
    {
        EndpointAddress.TryParse(text, tlsByDefault: true, out var address, out _).Should().BeTrue();

        address!.IsTls.Should().Be(isTls);
    }

    [Theory]
    [InlineData("", "the host is missing")]
    [InlineData("http://", "the host is missing")]
    [InlineData(":2379", "the host is missing")]
    [InlineData("unix:///run/etcd.sock", "only http:// and https:// endpoints can be probed")]
    [InlineData("http://etcd:2379/v3", "an endpoint is host:port without path or query")]
    [InlineData("http://etcd:2379?x=1", "an endpoint is host:port without path or query")]
    [InlineData("http://root:secret@etcd:2379", "user information does not belong here; use --user or auth")]
    [InlineData("etcd:0", "the port is a number from 1 to 65535")]
    [InlineData("etcd:65536", "the port is a number from 1 to 65535")]
    [InlineData("etcd:", "the port is a number from 1 to 65535")]
    [InlineData("etcd:+1", "the port is a number from 1 to 65535")]
    [InlineData("::1", "an IPv6 address stands in brackets, such as [::1]:2379")]
    [InlineData("[::1", "not an IPv6 address in brackets, such as [::1]:2379")]
    [InlineData("[::1]2379", "not an IPv6 address in brackets, such as [::1]:2379")]
    [InlineData("[10.0.0.1]:2379", "not an IPv6 address in brackets, such as [::1]:2379")]
    [InlineData("[fe80::1%eth0]:2379", "not an IPv6 address in brackets, such as [::1]:2379")]
    [InlineData("10.1:2379", "not a host name or an IP address")]
    [InlineData("300.0.0.1:2379", "not a host name or an IP address")]
    [InlineData("a..b:2379", "not a host name or an IP address")]
    [InlineData("a b:2379", "an endpoint contains no spaces")]
    public void Everything_else_is_refused(string text, string reason)
    {
        EndpointAddress.TryParse(text, tlsByDefault: false, out var address, out var error).Should().BeFalse();

        address.Should().BeNull();
        error.Should().Be(reason);
    }
}
