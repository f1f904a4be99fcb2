using EtcdProbeExporter.Harness;

namespace EtcdProbeExporter.IntegrationTests;

/// <summary>The binary itself: exit codes and what a user reads.</summary>
[Trait("NeedsEtcd", "no")]
public sealed class CommandLineTests
{
    [EtcdFact]
    public async Task A_bad_flag_names_itself_and_its_value()
    {
        await RefusedAsync(["--probe.interval", "5"], null, "--probe.interval", "\"5\"");
    }

    [EtcdFact]
    public async Task A_bad_variable_names_itself_and_its_value()
    {
        await RefusedAsync(
            [], new Dictionary<string, string> { ["ETCDCTL_INSECURE_SKIP_TLS_VERIFY"] = "perhaps" }, "ETCDCTL_INSECURE_SKIP_TLS_VERIFY", "\"perhaps\"");
    }

    [EtcdFact]
    public async Task A_bad_file_tells_all_its_errors_at_once()
    {
        await using var file = new ConfigurationFile("""
            clusters:
              - name: a
                endpoints: [10.0.0.1:99999]
                probe: { intervall: 5s, key_prefix: /registry/x }
            """);

        await RefusedAsync(["--config.file", file.Path], null, "99999", "intervall", "interval", "key_prefix", "/registry/x");
    }

    [EtcdFact]
    public async Task Version_help_and_a_good_configuration_end_with_zero()
    {
        foreach (var arguments in new string[][] { ["--version"], ["--help"], ["check-config", "--endpoints", "10.0.0.1:2379"] })
        {
            var (code, output, errors) = await ExporterProcess.RunAsync(arguments);

            code.Should().Be(0, errors);
            output.Should().NotBeEmpty();
        }
    }

    [EtcdFact]
    public async Task The_health_check_needs_a_running_exporter_and_no_etcd()
    {
        var exporter = await ExporterProcess.StartAsync(["--endpoints", "127.0.0.1:1", "--probe.interval", "1s", "--probe.timeout", "1s"]);
        var address = $"127.0.0.1:{exporter.Port}";
        (await ExporterProcess.RunAsync(["healthcheck", "--web.listen-address", address])).ExitCode.Should().Be(0);

        await exporter.DisposeAsync();
        var (code, output, errors) = await ExporterProcess.RunAsync(["healthcheck", "--web.listen-address", address]);

        (code, output).Should().Be((1, ""));
        errors.Should().Contain($"http://{address}/-/healthy does not answer").And.NotContain("   at ");
    }

    private static async Task RefusedAsync(string[] arguments, Dictionary<string, string>? environment, params string[] named)
    {
        var (code, output, errors) = await ExporterProcess.RunAsync(arguments, environment);

        code.Should().Be(2);
        output.Should().BeEmpty();
        errors.Should().ContainAll(named).And.NotContain("   at ");
    }
}
