namespace EtcdProbeExporter.Tests;

public sealed class ToolFactAttributeTests
{
    private const string Absent = "no-such-tool-anywhere";

    [Fact]
    public void A_missing_tool_skips_the_test_at_a_desk() =>
        ToolFactAttribute.MissingTools([Absent], "/usr/bin:/bin", isCi: false).Should().Equal(Absent);

    [Fact]
    public void A_missing_tool_does_not_skip_the_test_on_CI() =>
        ToolFactAttribute.MissingTools([Absent], "/usr/bin:/bin", isCi: true).Should().BeEmpty();

    [Fact]
    public void A_present_tool_is_found_in_any_folder_of_the_path()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "tool"), "");

            ToolFactAttribute.MissingTools(["tool", Absent], $"/nowhere:{folder.FullName}", isCi: false).Should().Equal(Absent);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
