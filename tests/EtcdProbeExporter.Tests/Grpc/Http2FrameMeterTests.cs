using EtcdProbeExporter.Grpc;
using EtcdProbeExporter.Tests.Grpc.Hostile;

namespace EtcdProbeExporter.Tests.Grpc;

public sealed class Http2FrameMeterTests
{
    private static readonly byte[] Traffic =
    [
        .. RawFrames.Setting(3, 100),
        .. RawFrames.Frame(RawFrames.Headers, RawFrames.EndHeaders, 1, RawFrames.OkHeaders),
        .. RawFrames.Frame(RawFrames.Data, 0, 1, new byte[1000]),
        .. RawFrames.Frame(RawFrames.Data, 0, 1, new byte[3]),
        .. RawFrames.Frame(RawFrames.Data, RawFrames.EndStream, 1),
        .. RawFrames.Frame(RawFrames.GoAway, 0, 0, [.. RawFrames.Number(1, 11), .. "calm down"u8]),
        .. RawFrames.Frame(0xBA, 0, 0, [7]),
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(10)]
    [InlineData(5000)]
    public void Counts_are_the_same_however_the_bytes_are_cut(int size)
    {
        var meter = new Http2FrameMeter();
        foreach (var piece in Traffic.Chunk(size))
        {
            meter.Feed(piece);
        }

        meter.Frames.Should().Be(6, "a DATA frame with data in it is what a call is for");
        meter.DataBytes.Should().Be(1003);
        meter.Bytes.Should().Be(Traffic.Length);
        meter.GoAwayCode.Should().Be(11);
        meter.AnyReset.Should().BeFalse();
        meter.Describe().Should().Be("3 DATA, 1 HEADERS, 1 SETTINGS");
    }

    [Fact]
    public void A_restart_forgets_the_counts_and_not_the_GOAWAY()
    {
        var meter = new Http2FrameMeter();
        meter.Feed(Traffic);
        meter.Restart();

        meter.Frames.Should().Be(0);
        meter.Bytes.Should().Be(0);
        meter.GoAwayCode.Should().Be(11);
    }

    [Fact]
    public void A_GOAWAY_that_is_too_short_is_none()
    {
        var meter = new Http2FrameMeter();
        meter.Feed([.. RawFrames.Frame(RawFrames.GoAway, 0, 0, [1, 2]), .. RawFrames.EmptySettings]);

        meter.GoAwayCode.Should().BeNull();
        meter.Frames.Should().Be(2);
    }
}
