using System.Globalization;

namespace EtcdProbeExporter.Metrics;

/// <summary>
/// Numbers as Go's <c>strconv.FormatFloat(v, 'g', -1, 64)</c> writes them: the shortest digits that read back as the same value, an
/// exponent of at least two digits when it is below -4 or above 5. .NET finds the same digits but changes to exponents elsewhere.
/// </summary>
internal static class GoFloat
{
    /// <summary>Enough for every double; the longest is <c>-2.2250738585072014e-308</c>.</summary>
    public const int MaxLength = 32;

    /// <param name="value">Any value.</param>
    /// <param name="destination">At least <see cref="MaxLength"/> bytes.</param>
    /// <returns>The number of ASCII bytes written.</returns>
    public static int Format(double value, Span<byte> destination)
    {
        if (!double.IsFinite(value))
        {
            var name = double.IsNaN(value) ? "NaN"u8 : value > 0 ? "+Inf"u8 : "-Inf"u8;
            name.CopyTo(destination);
            return name.Length;
        }

        value.TryFormat(destination, out var length, default, CultureInfo.InvariantCulture);
        return Math.Abs(value) is 0 or (>= 1e-4 and < 1e6) ? length : WriteExponent(destination, length);
    }

    /// <summary>A bucket bound in OpenMetrics' canonical form: as above, and <c>.0</c> where there is neither point nor exponent.</summary>
    public static byte[] FormatBound(double value)
    {
        Span<byte> text = stackalloc byte[MaxLength];
        var length = Format(value, text);
        if (text[..length].IndexOfAny((byte)'.', (byte)'e') < 0)
        {
            ".0"u8.CopyTo(text[length..]);
            length += 2;
        }

        return text[..length].ToArray();
    }

    /// <summary>Rewrites what .NET wrote ("1234567", "1E-05") as Go's %e: one digit, the point if more follow, the exponent.</summary>
    private static int WriteExponent(Span<byte> text, int length)
    {
        Span<byte> digits = stackalloc byte[MaxLength];
        var count = 0;
        var point = -1;
        var exponent = 0;
        var negative = text[0] == (byte)'-';
        for (var i = negative ? 1 : 0; i < length; i++)
        {
            if (text[i] == (byte)'.')
            {
                point = count;
            }
            else if (text[i] == (byte)'E')
            {
                exponent = int.Parse(text[(i + 1)..length], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
                break;
            }
            else
            {
                digits[count++] = text[i];
            }
        }

        // Outside [1e-4, 1e6) .NET never writes a leading zero: its own exponents begin below 1e-4 as well.
        exponent += (point < 0 ? count : point) - 1;
        digits = digits[..count].TrimEnd((byte)'0');

        var at = negative ? 1 : 0;
        text[at++] = digits[0];
        if (digits.Length > 1)
        {
            text[at++] = (byte)'.';
            digits[1..].CopyTo(text[at..]);
            at += digits.Length - 1;
        }

        text[at++] = (byte)'e';
        text[at++] = exponent < 0 ? (byte)'-' : (byte)'+';
        Math.Abs(exponent).TryFormat(text[at..], out var written, "00", CultureInfo.InvariantCulture);
        return at + written;
    }
}
