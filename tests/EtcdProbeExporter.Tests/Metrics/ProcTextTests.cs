using EtcdProbeExporter.Metrics;

namespace EtcdProbeExporter.Tests.Metrics;

public sealed class ProcTextTests
{
    [Theory]
    [InlineData("Max open files            20000                524288               files     ", 20000)]
    [InlineData("Max open files            unlimited            unlimited            files     ", double.PositiveInfinity)]
    public void The_soft_limit_of_open_files_is_read(string line, double expected) =>
        ProcText.ParseMaxOpenFiles(
            $"""
            Limit                     Soft Limit           Hard Limit           Units     
            Max processes             96365                96365                processes 
            {line}
            Max locked memory         8388608              8388608              bytes     

            """).Should().Be(expected);

    [Theory]
    [InlineData("")]
    [InlineData("Max processes             96365                96365                processes \n")]
    [InlineData("Max open files            many                 524288               files     \n")]
    [InlineData("Max open files ")]
    public void Limits_without_a_number_of_open_files_say_nothing(string limits) => ProcText.ParseMaxOpenFiles(limits).Should().BeNull();

    [Fact]
    public void The_boot_time_is_read() =>
        ProcText.ParseBootTime("cpu  1 2 3 4\ncpu0 1 2 3 4\nintr 5 0 0\nctxt 99\nbtime 1795222875\nprocesses 9\n").Should().Be(1795222875);

    [Theory]
    [InlineData("")]
    [InlineData("cpu  1 2 3 4\n")]
    [InlineData("btime x\n")]
    public void A_stat_file_without_a_boot_time_says_nothing(string stat) => ProcText.ParseBootTime(stat).Should().BeNull();
}
