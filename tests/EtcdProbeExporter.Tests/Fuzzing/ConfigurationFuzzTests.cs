using EtcdProbeExporter.Configuration;
using EtcdProbeExporter.Tests.Configuration;

namespace EtcdProbeExporter.Tests.Fuzzing;

/// <summary>Whatever stands in the file, it is a configuration or a list of reasons why not; what is printed of it loads as the same.</summary>
public sealed class ConfigurationFuzzTests
{
    private static readonly string[] Files =
    [
        "clusters:\n  - name: prod\n    endpoints: [https://10.90.4.97:2379, {url: https://b:2379, metrics_url: 'http://b:2381'}]\n    discover: true\n"
        + "    metrics_url: http://{host}:2381\n    tls: {ca_file: /pki/ca, cert_file: /pki/c, key_file: /pki/k, server_name: s, insecure_skip_verify: false}\n"
        + "    auth: {username: u, password: p}\n"
        + "    probe: {interval: 5s, timeout: 1m30s, key_prefix: /etcd-probe/, write: put, watch: true, hash_check_interval: 0s}\n",
        "clusters:\n- endpoints:\n  - a:1\n  - \"[::1]:2\"\n- name: &n \"b \\u263a\"\n  endpoints: ['c:3']\n  probe:\n    write: commit\n",
    ];

    private static readonly string[] Pieces =
    [
        "\n", "\n  ", "\t", ": ", "- ", "[", "]", "{", "}", ", ", "&a ", "*a", "*n", "!!str ", "!x ", "? ", "|\n", ">-\n", "---\n", "...\n", "%YAML 1.1\n", "<<: ", "null", "~",
        "\"", "'", "\\", "# ", "0x1", "1e999", "-1s", "99999999999999999999d", "/registry/", "..", "/", "%", "{host}", "@", "clusters:", "endpoints:", "name:", "probe:", "\0", "\ufeff", "\u2028",
        "http://", "[::1%eth0]", ":99999", "xn--", "ü", "\ud83d\ude00",
    ];

    [Fact]
    public void Any_text_is_a_configuration_or_has_reasons() => Fuzz.Run(40_000, random =>
    {
        var yaml = random.Mutated(Files[random.Next(Files.Length)], Pieces);

        var result = Loading.Load(yaml: yaml);

        if (result.IsValid == result.Errors.Count > 0)
        {
            throw new InvalidOperationException($"neither valid nor refused: {yaml}");
        }

        if (result.Configuration is { } configuration)
        {
            var printed = EffectiveConfiguration.Print(configuration);
            var again = Loading.Load(yaml: printed);
            if (again.Configuration is null || EffectiveConfiguration.Print(again.Configuration) != printed)
            {
                throw new InvalidOperationException($"what is printed loads otherwise: {string.Join("; ", again.Errors)}\n{printed}\n{yaml}");
            }
        }
    });

    [Theory]
    [InlineData("[")]
    [InlineData("{a: ")]
    [InlineData("- ")]
    [InlineData("? ")]
    public void A_file_nested_without_end_is_refused(string level) =>
        Loading.Load(yaml: string.Concat(Enumerable.Repeat(level, 100_000))).Errors.Should().NotBeEmpty();

    [Fact]
    public void Any_flag_is_a_value_or_has_reasons() => Fuzz.Run(60_000, random =>
    {
        string Near(string good) => random.Next(3) == 0 ? random.Mutated(good, Pieces) : good;
        var result = Loading.Load(new Flags
        {
            { "--endpoints", Near("a:1,https://[::1]:2") },
            { "--user", Near("u:p") },
            { "--web.listen-address", Near("127.0.0.1:1") },
            { "--web.telemetry-path", Near("/m") },
            { "--web.external-url", Near("https://mon.example/etcd-probe") },
            { "--probe.interval", Near("5s") },
            { "--probe.timeout", Near("1m30s") },
            { "--log.level", Near("info") },
        });

        if (result.IsValid == result.Errors.Count > 0)
        {
            throw new InvalidOperationException("neither valid nor refused");
        }
    });
}
