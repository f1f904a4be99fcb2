using EtcdProbeExporter.Cli;

namespace EtcdProbeExporter.Tests.Cli;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("")]
    [InlineData("run")]
    [InlineData("--log.level debug")]
    [InlineData("run --log.level=debug")]
    [InlineData("--log.level debug run")]
    public async Task Without_a_verb_and_with_run_the_exporter_runs(string line)
    {
        var cli = await CommandRun.OfAsync(line);

        cli.Should().Be(new CommandRun(0, "", "", "run"));
    }

    [Theory]
    [InlineData("healthcheck --web.listen-address 127.0.0.1:1234", "healthcheck 127.0.0.1:1234")]
    [InlineData("check --endpoints a:1", "check Table a:1")]
    [InlineData("--endpoints a:1 check -o json", "check Json a:1")]
    [InlineData("check --output=json --endpoints=a:1", "check Json a:1")]
    [InlineData("check -w json --endpoints=a:1", "check Json a:1")]
    [InlineData("check --write-out=table --command-timeout 2s --endpoints=a:1", "check Table a:1")]
    [InlineData("--insecure-skip-tls-verify check --endpoints https://a:1 -o table", "check Table a:1")]
    [InlineData("check --endpoints a:1 --endpoints b:1,c:1", "check Table a:1 b:1 c:1")]
    public async Task Flags_stand_before_or_after_the_verb(string line, string called)
    {
        var cli = await CommandRun.OfAsync(line);

        (cli.ExitCode, cli.Called).Should().Be((0, called));
    }

    [Theory]
    [InlineData("--insecure-skip-tls-verify", "insecure_skip_verify: true")]
    [InlineData("--insecure-skip-tls-verify=true", "insecure_skip_verify: true")]
    [InlineData("--insecure-skip-tls-verify=0", "insecure_skip_verify: false")]
    [InlineData("--web.enable-lifecycle", "# --web.enable-lifecycle=true")]
    [InlineData("--config.check", "- name: default")]
    [InlineData("--web.external-url https://mon.example/probe", "# --web.external-url=https://mon.example/probe")]
    [InlineData("--web.listen-address=:1", "# --web.listen-address=:1")]
    [InlineData("--web.listen-address [::1]:1", "# --web.listen-address=[::1]:1")]
    [InlineData("--user root:@word", "username: root")]
    [InlineData("--user root --password @word", "username: root")]
    [InlineData("--user root --password=-word", "username: root")]
    public async Task Check_config_prints_the_effective_configuration(string flags, string expected)
    {
        var cli = await CommandRun.OfAsync($"check-config --endpoints https://a:1 {flags}");

        cli.ExitCode.Should().Be(0, cli.Error);
        cli.Output.Should().Contain(expected).And.NotContain("word\n");
        cli.Called.Should().BeNull();
    }

    [Fact]
    public async Task Check_config_shows_warnings_on_standard_error() =>
        (await CommandRun.OfAsync("check-config --user root:hunter2")).Error.Should().Be(
            "warning: --user \"root\": the password travels unencrypted to http://127.0.0.1:2379\n");

    [Theory]
    [InlineData("--probe.intervall 5s", "error: --probe.intervall: unknown flag; did you mean --probe.interval?\n")]
    [InlineData("--dial-timeout 2s", "error: --dial-timeout: unknown flag; here --probe.timeout bounds a probe, connecting included\n")]
    [InlineData("--command-timeout=2s", "error: --command-timeout: unknown flag; here --probe.timeout bounds a probe, connecting included\n")]
    [InlineData("--cluster", "error: --cluster: unknown flag; here discover: true in the configuration file\n")]
    [InlineData("check 10.0.0.1:2379,[::1]:2379", "error: \"10.0.0.1:2379,[::1]:2379\": unexpected word; endpoints are given with --endpoints 10.0.0.1:2379,[::1]:2379\n")]
    [InlineData("--pasword hunter2", "error: --pasword: unknown flag; did you mean --password?\n")]
    [InlineData("--zzzzzz=hunter2", "error: --zzzzzz: unknown flag\n")]
    [InlineData("chek", "error: \"chek\": unknown command; did you mean check?\n")]
    [InlineData("serve", "error: \"serve\": unknown command; known are run, check-config, healthcheck, check\n")]
    [InlineData("run -o json", "error: -o: unknown flag\n")]
    [InlineData("check -o xml", "error: --output \"xml\": expected one of table, json\n")]
    [InlineData("--cert", "error: --cert: the value is missing\n")]
    [InlineData("--log.level info --log.level debug", "error: --log.level: given more than once\n")]
    [InlineData("--probe.timeout 5", "error: --probe.timeout \"5\": a duration needs a unit: 5s or 5ms\n")]
    [InlineData("--log.format xml --wat x", "error: --wat: unknown flag\nerror: --log.format \"xml\": expected one of logfmt, json\n")]
    [InlineData("--web.config.file x", "error: --web.config.file \"x\": not supported in this version; put a reverse proxy in front for TLS or authentication\n")]
    [InlineData("--config.file /nowhere", "error: --config.file \"/nowhere\": no such file\n")]
    public async Task Wrong_usage_exits_with_2_and_one_line_per_error(string line, string errors)
    {
        var cli = await CommandRun.OfAsync(line);

        cli.Should().Be(new CommandRun(2, "", errors + "See etcd-probe-exporter --help.\n", null));
    }

    [Fact]
    public async Task A_crash_exits_with_1()
    {
        var handlers = new CommandHandlers { Run = (_, _) => throw new InvalidOperationException("bang"), HealthCheck = (_, _) => Task.FromResult(0), Check = (_, _) => Task.FromResult(0) };
        using var error = new StringWriter();

        var code = await CommandLine.RunAsync([], handlers, new CliEnvironment(TextWriter.Null, error, _ => null, _ => ""));

        code.Should().Be(1);
        error.ToString().Should().Contain("bang");
    }

    [Fact]
    public async Task Run_can_load_again_with_the_same_flags()
    {
        var name = "one";
        List<string> names = [];
        var handlers = new CommandHandlers
        {
            Run = (loaded, _) =>
            {
                names.Add(loaded.Configuration.Clusters[0].Name);
                name = "two";
                names.Add(loaded.Reload().Configuration!.Clusters[0].Name);
                name = "'";
                loaded.Reload().IsValid.Should().BeFalse();
                return Task.FromResult(0);
            },
            HealthCheck = (_, _) => throw new InvalidOperationException("not asked for"),
            Check = (_, _) => throw new InvalidOperationException("not asked for"),
        };

        await CommandLine.RunAsync(
            ["--config.file", "/x"], handlers, new CliEnvironment(TextWriter.Null, TextWriter.Null, _ => null, _ => $"clusters: [{{name: {name}, endpoints: [a]}}]"));

        names.Should().Equal("one", "two");
    }

    [Theory]
    [InlineData("mon.example:1")]
    [InlineData("/probe")]
    [InlineData("ftp://mon.example")]
    [InlineData("https://mon.example/?a=b")]
    public async Task An_external_address_is_a_URL_with_scheme_and_host(string written)
    {
        var cli = await CommandRun.OfAsync($"check-config --web.external-url {written}");

        cli.ExitCode.Should().Be(2);
        cli.Error.Should().StartWith("error: --web.external-url \"");
    }

    [Fact]
    public async Task A_password_in_the_external_address_is_not_repeated() =>
        (await CommandRun.OfAsync("check-config --web.external-url https://u:hunter2@mon.example")).Error.Should().StartWith("error: --web.external-url: ").And.NotContain("hunter2");

    [Theory]
    [InlineData("", 0)]
    [InlineData("check", 1)]
    [InlineData("healthcheck", 1)]
    public async Task Told_to_stop_before_it_began_it_ends_without_a_trace(string verb, int code)
    {
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();

        var cli = await CommandRun.OfAsync(verb, new CommandHandlers
        {
            Run = (_, token) => Task.FromCanceled<int>(token),
            HealthCheck = (_, token) => Task.FromCanceled<int>(token),
            Check = (_, token) => Task.FromCanceled<int>(token),
        }, stop.Token);

        (cli.ExitCode, cli.Error).Should().Be((code, code == 0 ? "" : "interrupted\n"));
    }
}
