using System.Buffers;
using EtcdProbeExporter.Web;

namespace EtcdProbeExporter.Tests.Web;

public sealed class PooledBufferTests
{
    [Fact]
    public void It_keeps_what_was_written_while_it_grows()
    {
        using var buffer = new PooledBuffer();
        var expected = new byte[1_000_003];
        new Random(1).NextBytes(expected);

        foreach (var chunk in expected.Chunk(4099))
        {
            buffer.Write(chunk);
        }

        buffer.Written.ToArray().Should().Equal(expected);
    }

    [Fact]
    public void It_gives_at_least_the_space_asked_for()
    {
        using var buffer = new PooledBuffer();

        buffer.GetSpan(300_000).Length.Should().BeGreaterThanOrEqualTo(300_000);
        buffer.GetMemory().Length.Should().BePositive();
    }

    [Fact]
    public void It_refuses_to_advance_past_its_end()
    {
        using var buffer = new PooledBuffer();
        var space = buffer.GetMemory().Length;

        buffer.Invoking(b => b.Advance(space + 1)).Should().Throw<ArgumentOutOfRangeException>();
        buffer.Invoking(b => b.Advance(-1)).Should().Throw<ArgumentOutOfRangeException>();
    }
}
