using System.Globalization;
using System.Text;
using EtcdProbeExporter.Metrics;

namespace EtcdProbeExporter.Tests.Metrics;

public sealed class GoFloatTests
{
    // What Go's strconv.FormatFloat(v, 'g', -1, 64) prints.
    [Theory]
    [InlineData(0, "0")]
    [InlineData(-0.0, "-0")]
    [InlineData(1, "1")]
    [InlineData(-12, "-12")]
    [InlineData(0.1, "0.1")]
    [InlineData(100000, "100000")]
    [InlineData(999999, "999999")]
    [InlineData(999999.5, "999999.5")]
    [InlineData(1000000, "1e+06")]
    [InlineData(-1234567, "-1.234567e+06")]
    [InlineData(1234567.5, "1.2345675e+06")]
    [InlineData(1795222875.25, "1.79522287525e+09")]
    [InlineData(1e15, "1e+15")]
    [InlineData(123456789012345680, "1.2345678901234568e+17")]
    [InlineData(1e21, "1e+21")]
    [InlineData(1e100, "1e+100")]
    [InlineData(0.0001, "0.0001")]
    [InlineData(0.00012, "0.00012")]
    [InlineData(0.00001, "1e-05")]
    [InlineData(0.000099, "9.9e-05")]
    [InlineData(-1.5e-7, "-1.5e-07")]
    [InlineData(5e-324, "5e-324")]
    [InlineData(-2.2250738585072014e-308, "-2.2250738585072014e-308")]
    [InlineData(double.MaxValue, "1.7976931348623157e+308")]
    [InlineData(0.1 + 0.2, "0.30000000000000004")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.PositiveInfinity, "+Inf")]
    [InlineData(double.NegativeInfinity, "-Inf")]
    public void Values_are_written_as_Go_writes_them(double value, string expected) => Text(value).Should().Be(expected);

    // The canonical forms that the OpenMetrics specification lists, and ours around the changes of notation.
    [Theory]
    [InlineData(0, "0.0")]
    [InlineData(0.00001, "1e-05")]
    [InlineData(0.0001, "0.0001")]
    [InlineData(0.1, "0.1")]
    [InlineData(1, "1.0")]
    [InlineData(10, "10.0")]
    [InlineData(-5, "-5.0")]
    [InlineData(2.5, "2.5")]
    [InlineData(100000, "100000.0")]
    [InlineData(1000000, "1e+06")]
    [InlineData(1.5e10, "1.5e+10")]
    public void Bounds_are_written_in_canonical_form(double bound, string expected) =>
        Encoding.ASCII.GetString(GoFloat.FormatBound(bound)).Should().Be(expected);

    [Fact]
    public void Every_value_reads_back_as_itself()
    {
        var random = new Random(20261121);
        for (var i = 0; i < 20_000; i++)
        {
            var value = BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue));
            if (double.IsFinite(value))
            {
                double.Parse(Text(value), CultureInfo.InvariantCulture).Should().Be(value);
            }
        }
    }

    private static string Text(double value)
    {
        Span<byte> text = stackalloc byte[GoFloat.MaxLength];
        return Encoding.ASCII.GetString(text[..GoFloat.Format(value, text)]);
    }
}
