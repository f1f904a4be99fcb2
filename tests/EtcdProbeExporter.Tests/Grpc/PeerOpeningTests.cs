using System.Text;
using EtcdProbeExporter.Grpc;

namespace EtcdProbeExporter.Tests.Grpc;

public sealed class PeerOpeningTests
{
    [Theory]
    [InlineData("000000040000000000")] // SETTINGS, empty
    [InlineData("00000c040000000000000300000064")]
    [InlineData("0000")]
    [InlineData("")]
    public void Settings_may_open_a_connection(string hex)
    {
        PeerOpening.NotHttp2(Convert.FromHexString(hex), ended: false).Should().BeNull();
    }

    [Theory]
    [InlineData("000000060000000000")] // PING
    [InlineData("000000040000000001")] // SETTINGS of a stream
    [InlineData("ff0000040000000000")]
    public void Another_frame_does_not(string hex)
    {
        PeerOpening.NotHttp2(Convert.FromHexString(hex), ended: false)!.Kind.Should().Be(GrpcFailureKind.Protocol);
    }

    [Theory]
    [InlineData("SSH-2.0-x\r\nmore", "it is an SSH server (\"SSH-2.0-x\")")]
    [InlineData("HTTP/1.1 400 Bad Request\r\n", "it answers in HTTP/1 (\"HTTP/1.1 400 Bad Request\")")]
    [InlineData("220 mail\r\n", "it greets like a mail or file server (\"220 mail\")")]
    [InlineData("\u0001\u001b[31m\"", "it begins with \"..[31m.\"")]
    public void What_it_looks_like_is_said(string banner, string text)
    {
        PeerOpening.NotHttp2(Encoding.ASCII.GetBytes(banner), ended: false)!.Detail.Should().EndWith(text);
    }

    [Fact]
    public void Too_little_to_name_waits_for_more_until_there_is_no_more()
    {
        PeerOpening.NotHttp2("SS"u8, ended: false).Should().BeNull();
        PeerOpening.NotHttp2("SS"u8, ended: true)!.Kind.Should().Be(GrpcFailureKind.Protocol);
    }

    [Theory]
    [InlineData("15030100020246")]
    [InlineData("16030300")]
    public void Tls_is_known_by_its_record(string hex)
    {
        PeerOpening.NotHttp2(Convert.FromHexString(hex), ended: false)!.Kind.Should().Be(GrpcFailureKind.Tls);
        PeerOpening.NotTls(Convert.FromHexString(hex)).Should().BeNull();
    }
}
