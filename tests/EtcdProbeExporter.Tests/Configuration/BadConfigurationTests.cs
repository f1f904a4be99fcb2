namespace EtcdProbeExporter.Tests.Configuration;

/// <summary>One file per rule; its leading "# expect:" lines are the whole error report, in order.</summary>
public sealed class BadConfigurationTests
{
    private const string Expectation = "# expect: ";

    public static TheoryData<string> Files { get; } =
        [.. Directory.GetFiles(Folder(), "bad-*.yml").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_bad_file_is_refused_with_exactly_this_text(string name)
    {
        var yaml = File.ReadAllText(Path.Combine(Folder(), name));
        var expected = yaml.Split('\n').TakeWhile(line => line.StartsWith(Expectation, StringComparison.Ordinal))
            .Select(line => line[Expectation.Length..]).ToList();

        var result = Loading.Load(yaml: yaml, files: new() { ["/empty"] = "\n" });

        expected.Should().NotBeEmpty();
        result.Errors.Select(error => error.ToString()).Should().Equal(expected);
        result.IsValid.Should().BeFalse();
    }

    private static string Folder() => Path.Combine(Repository.Root, "tests/EtcdProbeExporter.Tests/Configuration/Fixtures");
}
