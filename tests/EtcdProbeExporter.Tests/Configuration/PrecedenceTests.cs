using EtcdProbeExporter.Configuration;

namespace EtcdProbeExporter.Tests.Configuration;

public sealed class PrecedenceTests
{
    private const string Yaml = """
        clusters:
          - endpoints: [https://file:1]
            tls: { ca_file: /pki/file, cert_file: /pki/file, key_file: /pki/file, insecure_skip_verify: false }
            auth: { username: file, password_file: /pki/file }
            probe: { interval: 1s, timeout: 1s }
        """;

    private static readonly Dictionary<string, string> Variables = new()
    {
        ["ETCDCTL_ENDPOINTS"] = "https://variable:1",
        ["ETCDCTL_CACERT"] = "/pki/variable",
        ["ETCDCTL_CERT"] = "/pki/variable",
        ["ETCDCTL_KEY"] = "/pki/variable",
        ["ETCDCTL_USER"] = "variable",
        ["ETCDCTL_PASSWORD"] = "variable-password",
        ["ETCDCTL_INSECURE_SKIP_TLS_VERIFY"] = "T",
    };

    private static readonly Flags Flags = new()
    {
        { "--endpoints", "https://flag:1" },
        { "--cacert", "/pki/flag" },
        { "--cert", "/pki/flag" },
        { "--key", "/pki/flag" },
        { "--user", "flag" },
        { "--password", "flag-password" },
        { "--insecure-skip-tls-verify", "false" },
        { "--probe.interval", "2s" },
        { "--probe.timeout", "2s" },
    };

    [Theory]
    [InlineData(false, false, "file", false, 1)]
    [InlineData(false, true, "variable", true, 1)]
    [InlineData(true, false, "flag", false, 2)]
    [InlineData(true, true, "flag", false, 2)]
    public void A_flag_beats_a_variable_and_both_beat_the_file(bool withFlags, bool withVariables, string winner, bool insecure, int seconds)
    {
        var cluster = Loading.Load(withFlags ? Flags : null, Yaml, withVariables ? Variables : null).Only();

        cluster.Endpoints.Should().ContainSingle().Which.Host.Should().Be(winner);
        cluster.Tls.Should().Be(new TlsConfiguration
        {
            CaFile = $"/pki/{winner}",
            CertFile = $"/pki/{winner}",
            KeyFile = $"/pki/{winner}",
            InsecureSkipVerify = insecure,
        });
        cluster.Auth.Should().Be(winner == "file"
            ? new AuthConfiguration { Username = winner, PasswordFile = "/pki/file" }
            : new AuthConfiguration { Username = winner, Password = $"{winner}-password" });
        cluster.Probe.Interval.TotalSeconds.Should().Be(seconds);
        cluster.Probe.Timeout.TotalSeconds.Should().Be(seconds);
    }

    [Fact]
    public void An_empty_variable_is_none_and_an_empty_flag_takes_the_variable_away()
    {
        Loading.Load(variables: new() { ["ETCDCTL_ENDPOINTS"] = "", ["ETCDCTL_CERT"] = "" }).Only().Tls.Should().Be(new TlsConfiguration());
        Loading.Load(new Flags { { "--cacert", "" } }, variables: new() { ["ETCDCTL_CACERT"] = "/pki/ca" }).Only()
            .Tls.CaFile.Should().BeNull();
    }

    [Theory]
    [InlineData("root:pass:word", null, "root", "pass:word")]
    [InlineData("root", "word", "root", "word")]
    [InlineData("ro:ot", "word", "ro:ot", "word")]
    public void User_and_password_split_as_in_etcdctl(string user, string? password, string username, string expected) =>
        Loading.Load(new Flags { { "--user", user }, { "--password", password } }).Only()
            .Auth.Should().Be(new AuthConfiguration { Username = username, Password = expected });

    [Fact]
    public void Several_endpoints_come_from_commas_and_from_repetition() =>
        Loading.Load(new Flags { { "--endpoints", "a,b:1", "http://c" }, { "--cacert", "/pki/ca" } }).Only()
            .Endpoints.Select(endpoint => endpoint.ToString()).Should().Equal("https://a:2379", "https://b:1", "http://c:2379");
}
