using EtcdProbeExporter.Harness;
using EtcdProbeExporter.Tests;

namespace EtcdProbeExporter.IntegrationTests;

/// <summary>The shipped files as the tools of Prometheus and Alertmanager see them.</summary>
[Trait("NeedsEtcd", "no")]
public sealed class RulesTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "rules");

    /// <summary>The oldest and the newest Prometheus that the rules are for: the distribution's, and the one that eng/fetch-newer.sh unpacks.</summary>
    public static TheoryData<string> Promtools { get; } = ["promtool", Path.Combine(Repository.Root, "artifacts/promtool-new/usr/bin/promtool")];

    [EtcdTheory("promtool")]
    [MemberData(nameof(Promtools))]
    public async Task Promtool_accepts_the_rules_with_every_lint(string promtool) =>
        await RunningProcess.RunAsync(promtool, ["check", "rules", "--lint=all", "--lint-fatal", .. Directory.GetFiles(Folder, "*.rules.yml")]);

    [EtcdTheory("promtool")]
    [MemberData(nameof(Promtools))]
    public async Task Every_alert_fires_stays_calm_and_resolves_as_its_tests_say(string promtool)
    {
        var output = await RunningProcess.RunAsync(promtool, ["test", "rules", .. Directory.GetFiles(Path.Combine(Folder, "tests"), "*.test.yml")]);

        output.Split("SUCCESS").Should().HaveCount(5, "there are four files");
    }

    [EtcdFact("amtool")]
    public async Task Amtool_accepts_the_configuration_of_Alertmanager() =>
        (await RunningProcess.RunAsync("amtool", ["check-config", Path.Combine(Folder, "alertmanager.yml")])).Should().Contain("SUCCESS");

    [EtcdTheory("amtool")]
    [InlineData("pager", "alertname=EtcdQuorumLost", "severity=critical", "etcd_cluster=a")]
    [InlineData("pager", "alertname=EtcdWalFsyncSlow", "severity=critical", "instance=a:2379")]
    [InlineData("tickets", "alertname=EtcdWalFsyncSlow", "severity=warning", "instance=a:2379")]
    [InlineData("tickets", "alertname=EtcdStaleLeader", "severity=warning", "etcd_cluster=a")]
    [InlineData("watchdog", "alertname=EtcdProbeWatchdog", "severity=info")]
    [InlineData("nobody", "alertname=Something", "severity=info")]
    public async Task Alerts_go_where_their_severity_says(string receiver, params string[] labels) =>
        (await RunningProcess.RunAsync("amtool", ["config", "routes", "test", "--config.file", Path.Combine(Folder, "alertmanager.yml"), .. labels]))
            .Trim().Should().Be(receiver);

    [EtcdFact]
    public async Task The_rules_for_the_Prometheus_operator_are_those_of_the_files() =>
        await RunningProcess.RunAsync(Path.Combine(Repository.Root, "eng/make-prometheusrule.sh"), ["--check"]);
}
