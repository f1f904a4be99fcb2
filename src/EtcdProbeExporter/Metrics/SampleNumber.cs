using System.Globalization;

namespace EtcdProbeExporter.Metrics;

/// <summary>Numbers as the text formats write them.</summary>
internal static class SampleNumber
{
    /// <summary>Shortest text that reads back as the same number; <c>+Inf</c>, <c>-Inf</c>, <c>NaN</c> as Prometheus spells them.</summary>
    public static bool TryFormat(double value, Span<byte> destination, out int written)
    {
        if (double.IsFinite(value))
        {
            return value.TryFormat(destination, out written, "R", CultureInfo.InvariantCulture);
        }

        var text = double.IsNaN(value) ? "NaN"u8 : value > 0 ? "+Inf"u8 : "-Inf"u8;
        written = text.Length;
        return text.TryCopyTo(destination);
    }

    /// <summary>
    /// A bound as OpenMetrics writes it (Go's %g, and <c>.0</c> where that has neither point nor exponent): <c>1.0</c>, <c>0.0001</c>,
    /// <c>1e-05</c>, <c>1e+06</c>. Prometheus 2 stores the text as it comes, so both text formats must use the same.
    /// </summary>
    public static string Bound(double bound)
    {
        if (bound == 0)
        {
            return "0.0";
        }

        var shortest = bound.ToString("E16", CultureInfo.InvariantCulture);
        for (var digits = 0; digits < 17; digits++)
        {
            var candidate = bound.ToString("E" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
            if (double.Parse(candidate, CultureInfo.InvariantCulture).Equals(bound))
            {
                shortest = candidate;
                break;
            }
        }

        var mantissa = shortest[..shortest.IndexOf('E', StringComparison.Ordinal)];
        var exponent = int.Parse(shortest.AsSpan(mantissa.Length + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        if (exponent is < -4 or >= 6)
        {
            var sign = exponent < 0 ? '-' : '+';
            return string.Create(CultureInfo.InvariantCulture, $"{mantissa}e{sign}{Math.Abs(exponent):00}");
        }

        var plain = ((decimal)bound).ToString("0.############################", CultureInfo.InvariantCulture);
        return plain.Contains('.', StringComparison.Ordinal) ? plain : plain + ".0";
    }
}
