using EtcdProbeExporter.Campaign;

namespace EtcdProbeExporter.Tests.Campaign;

public sealed class CampaignOptionsTests
{
    [Theory]
    [InlineData("--minutes 3 --seed 1", null)]
    [InlineData("--seed 1 --episode 0", null)]
    [InlineData("--write", null)]
    [InlineData("--list", null)]
    [InlineData("--minutes 3 --seed 1 --etcd / /tmp --no-alerts", null)]
    [InlineData("", "--minutes or --episode is missing")]
    [InlineData("--seed 1", "--minutes or --episode is missing")]
    [InlineData("--minutes 3", "--seed is missing")]
    [InlineData("--minutes 0 --seed 1", "--minutes: '0' will not do")]
    [InlineData("--minutes", "--minutes wants a value")]
    [InlineData("--minutes 3 --seed x", "--seed: 'x' will not do")]
    [InlineData("--minutes 3 --seed 1 --episode 2", "--minutes and --episode exclude each other")]
    [InlineData("--minutes 3 --seed 1 --etcd /nowhere", "--etcd: '/nowhere' will not do")]
    [InlineData("--minutes 3 --seed 1 --etcd / /nowhere", "--etcd: there is no folder '/nowhere'")]
    [InlineData("--bogus", "unknown argument '--bogus'")]
    public void Bad_arguments_are_named(string arguments, string? error) =>
        CampaignOptions.Parse(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Error.Should().Be(error);

    [Fact]
    public void A_replay_repeats_what_the_draw_depends_on() => CampaignOptions.Parse(["--minutes", "1", "--seed", "2", "--faults", "kill,way closes", "--quick", "--no-alerts"]).Options!
        .ReplayArguments.Should().Be(" --faults 'kill,way closes' --quick --no-alerts");
}
