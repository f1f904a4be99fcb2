using System.Diagnostics;

namespace EtcdProbeExporter.Campaign.Truth;

/// <summary>Time since the begin of an episode: all that is compared is measured by it.</summary>
internal sealed class EpisodeClock
{
    private readonly Stopwatch _watch = Stopwatch.StartNew();

    public TimeSpan Now => _watch.Elapsed;
}
