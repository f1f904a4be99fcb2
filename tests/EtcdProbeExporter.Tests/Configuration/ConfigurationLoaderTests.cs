using EtcdProbeExporter.Configuration;
using Microsoft.Extensions.Logging;

namespace EtcdProbeExporter.Tests.Configuration;

public sealed class ConfigurationLoaderTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("# only a comment\n")]
    [InlineData("clusters:\n  - endpoints: [127.0.0.1:2379]\n")]
    public void Without_settings_the_local_member_is_probed_with_the_documented_defaults(string? yaml)
    {
        var result = Loading.Load(yaml: yaml);

        result.Only().Should().Be(new ClusterConfiguration { Name = "default", Endpoints = [new EndpointAddress("http", "127.0.0.1", 2379)] });
        result.Configuration!.Web.Should().Be(new WebConfiguration());
        result.Configuration.Log.Should().Be(new LogConfiguration());
        result.Configuration.Check.Should().Be(new CheckConfiguration());
        result.Warnings.Should().BeEmpty();
    }

    [Fact]
    public void Every_key_of_the_file_reaches_the_configuration()
    {
        var cluster = Loading.Load(yaml: """
            clusters:
              - name: prod
                endpoints: [10.0.0.1, "https://[::1]:2380"]
                discover: true
                tls: { ca_file: /pki/ca, cert_file: /pki/cert, key_file: ../pki/key, server_name: etcd, insecure_skip_verify: true }
                auth: { username: root, password_file: /pki/password }
                probe: { interval: 1s, timeout: 10s, key_prefix: probe/, write: commit, watch: false, hash_check_interval: 1m }
            """).Only();

        cluster.Should().Be(new ClusterConfiguration
        {
            Name = "prod",
            Endpoints = [new EndpointAddress("https", "10.0.0.1", 2379), new EndpointAddress("https", "::1", 2380)],
            Discover = true,
            Tls = new TlsConfiguration
            {
                CaFile = "/pki/ca",
                CertFile = "/pki/cert",
                KeyFile = "/pki/key",
                ServerName = "etcd",
                InsecureSkipVerify = true,
            },
            Auth = new AuthConfiguration { Username = "root", PasswordFile = "/pki/password" },
            Probe = new ProbeConfiguration
            {
                Interval = TimeSpan.FromSeconds(1),
                Timeout = TimeSpan.FromSeconds(10),
                KeyPrefix = "probe/",
                Write = WriteMode.Commit,
                Watch = false,
                HashCheckInterval = TimeSpan.FromMinutes(1),
            },
        });
    }

    [Fact]
    public void Flags_variables_and_file_report_all_their_errors_at_once()
    {
        var flags = new Flags
        {
            { "--endpoints", "a:0,b" },
            { "--probe.interval", "5" },
            { "--log.level", "loud" },
            { "--log.format", "xml" },
            { "--web.listen-address", "nowhere" },
            { "--web.telemetry-path", "/" },
            { "--web.config.file", "web.yml" },
            { "--web.enable-lifecycle", "maybe" },
        };
        Dictionary<string, string> variables = new() { ["ETCDCTL_INSECURE_SKIP_TLS_VERIFY"] = "yes", ["ETCDCTL_CERT"] = "/missing" };

        var result = Loading.Load(flags, "clusters:\n  - endpoints: [a]\n    probe: { timeout: 0s, write: never }\n", variables);

        result.Configuration.Should().BeNull();
        result.Errors.Select(error => error.ToString()).Should().BeEquivalentTo(
            "--endpoints \"a:0\": the port is a number from 1 to 65535",
            "ETCDCTL_INSECURE_SKIP_TLS_VERIFY \"yes\": expected true or false",
            "--probe.interval \"5\": a duration needs a unit: 5s or 5ms",
            "--web.config.file \"web.yml\": not supported in this version; put a reverse proxy in front for TLS or authentication",
            "--web.listen-address \"nowhere\": write it as :10379, 127.0.0.1:10379 or [::1]:10379",
            "--web.telemetry-path \"/\": the status page is served there",
            "--web.enable-lifecycle \"maybe\": expected true or false",
            "--log.level \"loud\": expected one of debug, info, warn, error",
            "--log.format \"xml\": expected one of logfmt, json",
            "ETCDCTL_CERT \"/missing\": no such file",
            "ETCDCTL_CERT \"/missing\": a certificate needs its key (--key, ETCDCTL_KEY or tls.key_file)",
            "/conf/etcd.yml:3: clusters[0].probe.write \"never\": expected one of put, commit, none",
            "/conf/etcd.yml:3: clusters[0].probe.timeout \"0s\": must be 1ms at least");
    }

    [Fact]
    public void Flags_that_belong_to_one_cluster_are_refused_beside_a_file_with_several()
    {
        const string yaml = "clusters:\n  - {name: a, endpoints: [a]}\n  - {name: b, endpoints: [b]}\n";
        Dictionary<string, string> variables = new() { ["ETCDCTL_USER"] = "root:hunter2" };

        var refused = Loading.Load(new Flags { { "--endpoints", "c" } }, yaml, variables);
        var allowed = Loading.Load(new Flags { { "--probe.interval", "1s" } }, yaml);

        refused.Errors.Select(error => error.ToString()).Should().Equal(
            "--endpoints: the configuration file has 2 clusters, and this could mean any of them; set it in the file",
            "ETCDCTL_USER: the configuration file has 2 clusters, and this could mean any of them; set it in the file");
        allowed.Configuration!.Clusters.Should().OnlyContain(cluster => cluster.Probe.Interval == TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void A_missing_file_is_named_with_its_flag() =>
        Loading.Load(new Flags { { "--config.file", "/nowhere.yml" } }).Errors.Should().ContainSingle()
            .Which.ToString().Should().Be("--config.file \"/nowhere.yml\": no such file");

    [Theory]
    [InlineData("debug", LogLevel.Debug)]
    [InlineData("info", LogLevel.Information)]
    [InlineData("warn", LogLevel.Warning)]
    [InlineData("error", LogLevel.Error)]
    public void Log_levels_have_their_Prometheus_names(string text, LogLevel level) =>
        Loading.Load(new Flags { { "--log.level", text } }).Configuration!.Log.Level.Should().Be(level);

    [Fact]
    public void Anchors_work()
    {
        var result = Loading.Load(yaml: """
            clusters:
              - { name: a, endpoints: [a], probe: &probe { interval: 1s } }
              - { name: b, endpoints: [b], probe: *probe }
            """);

        result.Configuration!.Clusters.Select(cluster => cluster.Probe.Interval.TotalSeconds).Should().Equal(1, 1);
    }

    [Fact]
    public void Loading_again_reads_the_file_anew()
    {
        var name = "one";
        var loader = new ConfigurationLoader(
            new Flags { { "--config.file", "/conf" } }, _ => null, _ => $"clusters: [{{name: {name}, endpoints: [a]}}]");
        loader.Load().Only().Name.Should().Be("one");

        name = "two";

        loader.Load().Only().Name.Should().Be("two");
    }
}
