using EtcdProbeExporter.Monitoring;
using EtcdProbeExporter.Probing.Schedule;

namespace EtcdProbeExporter.Tests.Monitoring;

/// <summary>Which rounds are left to the next one because this process stood still before them.</summary>
public sealed class OwnPauseTests
{
    private readonly ManualTime _time = new();

    // What the second before each round was: calm, a pause, or a pause that lasts until this very moment and that no beat has noticed yet.
    [Theory]
    [InlineData("calm calm calm", "judges judges judges")]
    [InlineData("calm pause calm", "judges waits judges")]
    [InlineData("calm unnoticed calm", "judges waits judges")]
    [InlineData("pause calm calm", "waits judges judges")]
    [InlineData("calm pause pause pause pause", "judges waits judges waits judges")]
    [InlineData("pause calm pause", "waits judges waits")]
    public void After_a_pause_one_round_waits_and_never_two(string seconds, string rounds)
    {
        var pauses = Pauses.Of(_time);
        pauses.Beat();
        var pause = new OwnPause(_time);

        string.Join(' ', seconds.Split(' ').Select(Round)).Should().Be(rounds);

        string Round(string second)
        {
            for (var beat = 0; beat < 40; beat++)
            {
                _time.Advance(Pauses.BeatEvery);
                if (second == "calm")
                {
                    pauses.Beat();
                }
            }

            if (second == "pause")
            {
                pauses.Beat();
            }

            return pause.WaitsForTheNext() ? "waits" : "judges";
        }
    }
}
