using System.Diagnostics;
using System.Net.Sockets;
using EtcdProbeExporter.Files;

namespace EtcdProbeExporter.Tests.Files;

/// <summary>Against real pipes, sockets and devices: what is refused must be refused without waiting.</summary>
public sealed class RegularFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("regular-file").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("clusters: [ü]\n")]
    public void A_file_is_its_text(string text) => RegularFile.ReadAllText(Written("f", text)).Should().Be(text);

    [Fact]
    public void A_byte_order_mark_is_no_part_of_the_text()
    {
        var path = Path.Combine(_folder, "bom");
        File.WriteAllBytes(path, [0xef, 0xbb, 0xbf, (byte)'a']);

        RegularFile.ReadAllText(path).Should().Be("a");
    }

    [Fact]
    public void Links_are_followed_as_those_of_a_Kubernetes_secret()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "..2026"));
        File.WriteAllText(Path.Combine(_folder, "..2026", "password"), "p");
        File.WriteAllText(Path.Combine(_folder, "..2026", "empty"), "");
        Directory.CreateSymbolicLink(Path.Combine(_folder, "..data"), "..2026");
        File.CreateSymbolicLink(Path.Combine(_folder, "password"), "..data/password");
        File.CreateSymbolicLink(Path.Combine(_folder, "empty"), "..data/empty");

        RegularFile.ReadAllText(Path.Combine(_folder, "password")).Should().Be("p");
        RegularFile.ReadAllText(Path.Combine(_folder, "empty")).Should().BeEmpty();
    }

    [ToolFact("mkfifo")]
    public void A_pipe_is_refused_at_once_also_behind_a_link()
    {
        var pipe = Path.Combine(_folder, "pipe");
        using (var mkfifo = Process.Start("mkfifo", pipe))
        {
            mkfifo.WaitForExit();
        }

        File.CreateSymbolicLink(Path.Combine(_folder, "link"), pipe);

        Refusal(pipe).Should().Be("not a regular file");
        Refusal(Path.Combine(_folder, "link")).Should().Be("not a regular file");
    }

    [Theory]
    [InlineData("/dev/zero")]
    [InlineData("/dev/null")]
    [InlineData("/dev/tty")]
    public void A_device_is_refused(string path) => Refusal(path).Should().Be("not a regular file");

    [Fact]
    public void A_socket_is_refused()
    {
        var path = Path.Combine(_folder, "s");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));

        Refusal(path).Should().Be("not a regular file");
    }

    [Fact]
    public void A_directory_is_refused() => Refusal(_folder).Should().Be("a directory, not a regular file");

    [Fact]
    public void What_is_missing_is_missing()
    {
        Refusal(Path.Combine(_folder, "gone")).Should().Be("no such file");
        Refusal(Path.Combine(_folder, "gone/too")).Should().Be("no such file");
        File.CreateSymbolicLink(Path.Combine(_folder, "dangling"), "nowhere");
        Refusal(Path.Combine(_folder, "dangling")).Should().Be("no such file");
    }

    [Theory]
    [InlineData(RegularFile.LargestSize, true)]
    [InlineData(RegularFile.LargestSize + 1, false)]
    [InlineData(RegularFile.LargestSize * 8, false)]
    public void A_mebibyte_is_the_limit(int size, bool accepted)
    {
        var path = Path.Combine(_folder, "large");
        File.WriteAllBytes(path, new byte[size]);

        if (accepted)
        {
            RegularFile.ReadAllText(path).Should().HaveLength(size);
        }
        else
        {
            Refusal(path).Should().Be("larger than 1024 KiB");
        }
    }

    [Fact]
    public void A_file_that_tells_no_size_is_read_to_its_end() =>
        RegularFile.ReadAllText("/proc/self/status").Should().StartWith("Name:").And.Contain("\nnonvoluntary_ctxt_switches:");

    private static string Refusal(string path) => Assert.ThrowsAny<IOException>(() => RegularFile.ReadAllText(path)).Message;

    private string Written(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
