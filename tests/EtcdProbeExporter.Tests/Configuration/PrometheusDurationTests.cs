using EtcdProbeExporter.Configuration;

namespace EtcdProbeExporter.Tests.Configuration;

public sealed class PrometheusDurationTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("0s", 0)]
    [InlineData("500ms", 500)]
    [InlineData("5s", 5_000)]
    [InlineData("1m30s", 90_000)]
    [InlineData("1h", 3_600_000)]
    [InlineData("1d", 86_400_000)]
    [InlineData("1w", 604_800_000)]
    [InlineData("1y", 31_536_000_000)]
    [InlineData("1y2w3d4h5m6s7ms", 33_019_506_007)]
    public void Prometheus_spellings_are_read(string text, long milliseconds)
    {
        PrometheusDuration.TryParse(text, out var duration, out var error).Should().BeTrue(error);

        duration.TotalMilliseconds.Should().Be(milliseconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("1.5s")]
    [InlineData("-1s")]
    [InlineData("5 s")]
    [InlineData("5S")]
    [InlineData("s")]
    [InlineData("1s1s")]
    [InlineData("1s1m")]
    [InlineData("1ms1s")]
    [InlineData("5us")]
    [InlineData("300y")]
    [InlineData("99999999999999999999s")]
    [InlineData("٥s")]
    public void Anything_else_is_refused_with_a_reason(string text)
    {
        PrometheusDuration.TryParse(text, out _, out var error).Should().BeFalse();

        error.Should().NotBeNullOrEmpty();
    }

    [Theory]
    [InlineData(0, "0s")]
    [InlineData(500, "500ms")]
    [InlineData(90_000, "1m30s")]
    [InlineData(604_800_000, "1w")]
    [InlineData(691_200_000, "8d")]
    [InlineData(3_600_001, "1h1ms")]
    public void Durations_are_written_as_Prometheus_writes_them(long milliseconds, string text) =>
        PrometheusDuration.Format(TimeSpan.FromMilliseconds(milliseconds)).Should().Be(text);
}
