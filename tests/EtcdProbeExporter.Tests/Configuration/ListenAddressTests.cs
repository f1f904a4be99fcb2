using EtcdProbeExporter.Configuration;

namespace EtcdProbeExporter.Tests.Configuration;

public sealed class ListenAddressTests
{
    [Theory]
    [InlineData(":10379", null, 10379)]
    [InlineData("127.0.0.1:10379", "127.0.0.1", 10379)]
    [InlineData("[::1]:10379", "::1", 10379)]
    [InlineData("localhost:0", "127.0.0.1", 0)]
    public void Go_listen_addresses_are_read(string text, string? address, int port)
    {
        ListenAddress.TryParse(text, out var listen, out var error).Should().BeTrue(error);

        listen!.Address?.ToString().Should().Be(address);
        (listen.Address is null).Should().Be(address is null);
        listen.Port.Should().Be(port);
    }

    [Theory]
    [InlineData("")]
    [InlineData("10379")]
    [InlineData(":")]
    [InlineData(":65536")]
    [InlineData("::1:10379")]
    [InlineData("example.com:10379")]
    [InlineData("1.2:10379")]
    public void Others_are_refused(string text)
    {
        ListenAddress.TryParse(text, out var listen, out var error).Should().BeFalse();

        listen.Should().BeNull();
        error.Should().NotBeNullOrEmpty();
    }
}
