using EtcdProbeExporter.Metrics;

namespace EtcdProbeExporter.Tests.Metrics;

public sealed class ProcStatTests
{
    private const string AfterName =
        " S 8949 8949 3024 0 -1 4194304 101 0 0 0 1234 66 7 8 20 0 17 0 595579 273014784 12345 18446744073709551615 94448265990144 "
        + "94448266010025 140732157528912 0 0 0 0 4096 0 0 0 0 17 1 0 0 0 0 0 94448266026032 94448266027648 94448745332736 "
        + "140732157532644 140732157532664 140732157532664 140732157534187 0\n";

    [Theory]
    [InlineData("etcd-probe-expo")]
    [InlineData("two words")]
    [InlineData("(sd-pam)")]
    [InlineData(") S 1 2 3 4 (")]
    public void The_fields_are_found_behind_any_name(string name) =>
        ProcStat.Parse($"8954 ({name}){AfterName}").Should().Be(
            new ProcStat(CpuTicks: 1300, Threads: 17, StartTicks: 595579, VirtualBytes: 273014784, ResidentPages: 12345));

    [Theory]
    [InlineData("")]
    [InlineData("8954")]
    [InlineData("8954 (dotnet)")]
    [InlineData("8954 (dotnet) S 1 2 3")]
    [InlineData("8954 (dotnet) S 8949 8949 3024 0 -1 4194304 101 0 0 0 x 66 7 8 20 0 17 0 595579 273014784 12345")]
    public void Other_text_is_not_understood(string text) => ProcStat.Parse(text).Should().BeNull();
}
