namespace EtcdProbeExporter.Soak;

/// <summary>Values over time. Its slope is that of the second half: what is still growing then is not warming up.</summary>
internal sealed class Trend
{
    private readonly List<(TimeSpan At, double Value)> _samples = [];

    public int Count => _samples.Count;

    public double First => _samples[0].Value;

    public double Last => _samples[^1].Value;

    public double Max => _samples.Max(s => s.Value);

    public void Add(TimeSpan at, double value) => _samples.Add((at, value));

    /// <summary>Least-squares slope per hour of the second half, and its standard error; null of fewer than three samples.</summary>
    public (double PerHour, double Error)? Slope()
    {
        var half = _samples[(_samples.Count / 2)..];
        if (half.Count < 3)
        {
            return null;
        }

        var (x, y) = (half.Average(s => s.At.TotalHours), half.Average(s => s.Value));
        var spread = half.Sum(s => Math.Pow(s.At.TotalHours - x, 2));
        var slope = half.Sum(s => (s.At.TotalHours - x) * (s.Value - y)) / spread;
        var residual = half.Sum(s => Math.Pow(s.Value - y - (slope * (s.At.TotalHours - x)), 2)) / (half.Count - 2);
        return (slope, Math.Sqrt(residual / spread));
    }
}
