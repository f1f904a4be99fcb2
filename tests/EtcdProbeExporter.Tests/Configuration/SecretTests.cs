using EtcdProbeExporter.Configuration;

namespace EtcdProbeExporter.Tests.Configuration;

public sealed class SecretTests
{
    private const string Password = "hunter2";

    public static TheoryData<string, string> Sources => new()
    {
        { "flag", "clusters: [{endpoints: [a], probe: {interval: 1}}]" },
        { "user", "clusters: [{endpoints: [a], probe: {interval: 1}}]" },
        { "file", "clusters: [{endpoints: [a], auth: {username: root, password: hunter2, password_file: /pki/p}}]" },
        { "file", "clusters: [{endpoints: [a], auth: {password: hunter2}}]" },
        { "file", "clusters: [{endpoints: ['http://root:hunter2@a']}]" },
    };

    [Theory]
    [MemberData(nameof(Sources))]
    public void No_finding_repeats_a_password(string source, string yaml)
    {
        var flags = source switch
        {
            "flag" => new Flags { { "--user", "root" }, { "--password", Password } },
            "user" => new Flags { { "--user", $"root:{Password}" } },
            _ => new Flags(),
        };

        var result = Loading.Load(flags, yaml);

        result.Errors.Should().NotBeEmpty();
        result.Errors.Select(error => error.ToString()).Concat(result.Warnings).Should().NotContain(line => line.Contains(Password));
    }

    [Fact]
    public void No_text_form_shows_a_password()
    {
        var flags = new Flags { { "--user", "root" }, { "--password", Password } };

        var configuration = Loading.Load(flags).Configuration!;

        EffectiveConfiguration.Print(configuration).Should().Contain("password: \"<secret>\"").And.NotContain(Password);
        configuration.Clusters[0].ToString().Should().Contain("<secret>").And.NotContain(Password);
    }
}
