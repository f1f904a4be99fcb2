using System.Text;
using EtcdProbeExporter.Probing.Operations;
using Google.Protobuf;

namespace EtcdProbeExporter.Tests.Probing;

public sealed class ProbeKeysTests
{
    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/r")]
    [InlineData("/registry")]
    [InlineData("/registry/")]
    [InlineData("/registry/etcd-probe/")]
    [InlineData("/registry-of-mine/")]
    [InlineData("/probe\0/")]
    public void A_prefix_that_reaches_foreign_keys_is_refused(string prefix)
    {
        var act = () => new ProbeKeys(prefix);

        act.Should().Throw<ArgumentException>();
    }

    [Fact]
    public void There_is_one_fixed_key_per_endpoint_and_one_for_the_cluster()
    {
        var keys = new ProbeKeys("/etcd-probe/");

        keys.Cluster.ToStringUtf8().Should().Be("/etcd-probe/cluster");
        keys.ForEndpoint("[::1]:2379").ToStringUtf8().Should().Be("/etcd-probe/endpoint/[::1]:2379");
    }

    [Theory]
    [InlineData("/etcd-probe")]
    [InlineData("/etcd-probe/")]
    [InlineData("/registry/pods/x")]
    [InlineData("")]
    public void A_key_outside_the_prefix_is_never_written(string key)
    {
        var keys = new ProbeKeys("/etcd-probe/");

        var act = () => keys.Checked(ByteString.CopyFromUtf8(key));

        act.Should().Throw<InvalidOperationException>();
        keys.Checked(keys.Cluster).Should().BeEquivalentTo(keys.Cluster);
    }

    [Theory]
    [InlineData(0u, 0L, "exporter=00000000 seq=000000000000 ms=0001767323045000")]
    [InlineData(0xdeadbeefu, 123456789012L, "exporter=deadbeef seq=123456789012 ms=0001767323045000")]
    public void A_value_says_who_wrote_it_and_when_and_has_a_constant_size(uint exporter, long sequence, string value)
    {
        var at = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

        Encoding.ASCII.GetString(ProbeKeys.Value(exporter, sequence, at).Span).Should().Be(value);
    }
}
