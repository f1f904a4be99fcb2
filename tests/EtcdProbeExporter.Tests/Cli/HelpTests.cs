using EtcdProbeExporter.Cli;

namespace EtcdProbeExporter.Tests.Cli;

public sealed class HelpTests
{
    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("check --help")]
    [InlineData("run --wrong --help")]
    public async Task Help_teaches_every_flag_and_variable(string line)
    {
        var cli = await CommandRun.OfAsync(line);

        cli.ExitCode.Should().Be(0);
        cli.Error.Should().BeEmpty();
        cli.Output.Should().ContainAll(
            "--endpoints", "--cacert", "--cert", "--key", "--user", "--password", "--insecure-skip-tls-verify", "--config.file",
            "--web.listen-address", "--web.telemetry-path", "--web.config.file", "--web.enable-lifecycle", "--probe.interval", "--probe.timeout",
            "--log.level", "--log.format", "--output", "--version", "check-config", "check [flags]",
            "ETCDCTL_ENDPOINTS", "ETCDCTL_CACERT", "ETCDCTL_CERT", "ETCDCTL_KEY", "ETCDCTL_USER", "ETCDCTL_PASSWORD",
            "ETCDCTL_INSECURE_SKIP_TLS_VERIFY", "default 127.0.0.1:2379", "default :10379", "default /metrics", "default 5s", "default info");
        cli.Output.Split('\n').Should().OnlyContain(text => text.Length <= 110);
    }

    [Fact]
    public void The_page_names_every_option_of_the_parser()
    {
        var syntax = new CommandSyntax();

        HelpText.Page.Should().ContainAll(
            syntax.Root.Options.Concat(syntax.Check.Options).SelectMany(option => option.Aliases.Append(option.Name)));
    }

    [Fact]
    public async Task Version_is_one_line()
    {
        var cli = await CommandRun.OfAsync("--version");

        cli.ExitCode.Should().Be(0);
        cli.Output.Should().MatchRegex(@"^etcd-probe-exporter \d+\.\d+\.\d+\S* \(revision \S+\)\n$");
    }

    [Theory]
    [InlineData("1.2.3", "1.2.3", "unknown")]
    [InlineData("1.2.3-rc.1+abc", "1.2.3-rc.1", "abc")]
    public void The_revision_follows_the_plus_sign(string text, string version, string revision) =>
        BuildInformation.Parse(text).Should().Be(new BuildInformation(version, revision));
}
