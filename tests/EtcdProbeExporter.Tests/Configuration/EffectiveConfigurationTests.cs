using EtcdProbeExporter.Configuration;

namespace EtcdProbeExporter.Tests.Configuration;

public sealed class EffectiveConfigurationTests
{
    [Fact]
    public void Defaults_are_spelled_out() =>
        EffectiveConfiguration.Print(Loading.Load().Configuration!).Should().Be("""
            # --web.listen-address=:10379
            # --web.telemetry-path=/metrics
            # --web.enable-lifecycle=false
            # --log.level=info
            # --log.format=logfmt
            clusters:
              - name: default
                endpoints:
                  - http://127.0.0.1:2379
                discover: false
                tls:
                  insecure_skip_verify: false
                probe:
                  interval: 5s
                  timeout: 5s
                  key_prefix: /etcd-probe/
                  write: put
                  watch: true
                  hash_check_interval: 0s

            """);

    [Theory]
    [InlineData("clusters: [{endpoints: [a]}]")]
    [InlineData("clusters: [{name: 'null', endpoints: [a, '[::1]:1']}, {name: \"x: \\\"#\\\\\\t\\u0001\\u2028 é\", endpoints: [b], discover: true}]")]
    [InlineData("clusters: [{endpoints: [a], tls: {ca_file: '/pki/c a', cert_file: /pki/c, key_file: rel}, auth: {username: '1', password_file: /pki/p}}]")]
    [InlineData("clusters: [{endpoints: ['http://a', 'https://b'], tls: {server_name: s, insecure_skip_verify: true}, probe: {interval: 1m30s, write: none}}]")]
    [InlineData("clusters: [{endpoints: [a, {url: b, metrics_url: 'http://b:1/m'}], metrics_url: 'http://{host}:2381'}]")]
    [InlineData("clusters: [{endpoints: [a], probe: {timeout: 1ms, key_prefix: ' x', write: commit, watch: false, hash_check_interval: 1h}}]")]
    public void What_is_printed_loads_as_the_same_configuration(string yaml)
    {
        Dictionary<string, string> files = new() { ["/conf/rel"] = "-----BEGIN TEST-----" };
        var configuration = Loading.Load(yaml: yaml, files: files).Configuration!;

        var again = Loading.Load(yaml: EffectiveConfiguration.Print(configuration), files: files);

        again.Errors.Should().BeEmpty();
        again.Configuration!.Clusters.Should().Equal(configuration.Clusters);
    }

    [Fact]
    public void A_printed_password_loads_with_a_warning_that_it_is_none()
    {
        var printed = EffectiveConfiguration.Print(Loading.Load(new Flags { { "--user", "root:hunter2" } }).Configuration!);

        var again = Loading.Load(yaml: printed);

        again.Only().Auth!.Username.Should().Be("root");
        again.Warnings.Should().Contain(warning => warning.Contains("what check-config prints in place of a password"));
    }
}
