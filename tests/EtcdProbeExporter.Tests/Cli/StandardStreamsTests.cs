using EtcdProbeExporter.Cli;

namespace EtcdProbeExporter.Tests.Cli;

public sealed class StandardStreamsTests
{
    [Theory]
    [InlineData("pos:\t0\nflags:\t0100001\nmnt_id:\t30\n", true)] // > file
    [InlineData("pos:\t0\nflags:\t02\nmnt_id:\t30\n", true)] // a terminal
    [InlineData("pos:\t0\nflags:\t0102001\n", true)] // >> file
    [InlineData("pos:\t0\nflags:\t0100000\n", false)] // < file
    [InlineData("pos:\t0\nflags:\t02000001\n", false)] // opened after exec: somebody else's
    [InlineData("pos:\t0\nflags:\t02000002\n", false)]
    [InlineData("", true)]
    [InlineData("flags:\tx", true)]
    public void What_came_through_exec_and_can_be_written_to_is_ours(string info, bool ours) => InheritedDescriptor.IsWritable(info).Should().Be(ours);

    [Fact]
    public async Task An_answer_that_cannot_be_written_is_an_error_and_what_is_said_beside_it_is_lost()
    {
        foreach (var stream in new Stream?[] { null, new FullStream() })
        {
            await using var answer = new StandardWriter(stream, mustArrive: true);
            await using var beside = new StandardWriter(stream, mustArrive: false);

            answer.Invoking(w => w.Write("x")).Should().Throw<OutputFailedException>();
            beside.WriteLine("x");
        }
    }

    [Fact]
    public async Task Text_arrives_as_utf8_without_a_byte_order_mark_and_lines_as_wholes()
    {
        await using var stream = new CountingStream();
        await using var writer = TextWriter.Synchronized(new StandardWriter(stream, mustArrive: true));

        await writer.WriteLineAsync("ü");
        await writer.WriteAsync('x');
        await writer.WriteAsync("yz");

        stream.ToArray().Should().Equal("ü\nxyz"u8.ToArray());
        stream.Writes.Should().Be(3);
    }

    [Theory]
    [InlineData(64L, 1, true)]
    [InlineData(1024L, 3, false)]
    [InlineData(1024L, 300, true)]
    [InlineData(null, 300, false)]
    public void The_limit_of_open_files_is_held_against_the_endpoints(long? limit, int endpoints, bool objected) =>
        (OpenFiles.Objection(limit, endpoints) is not null).Should().Be(objected);

    [Fact]
    public void The_limit_is_read_as_the_kernel_writes_it()
    {
        OpenFiles.Limit("Limit   Soft Limit  Hard Limit  Units\nMax open files            64                   128                  files     \n").Should().Be(64);
        OpenFiles.Limit("Max open files            unlimited            unlimited            files     \n").Should().BeNull();
        OpenFiles.Limit("").Should().BeNull();
        OpenFiles.Limit(File.ReadAllText("/proc/self/limits")).Should().BePositive();
    }

    private sealed class FullStream : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer) => throw new IOException("No space left on device");
    }

    private sealed class CountingStream : MemoryStream
    {
        public int Writes { get; private set; }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            Writes++;
            base.Write(buffer);
        }
    }
}
