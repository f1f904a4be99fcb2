using EtcdProbeExporter.Cli;
using EtcdProbeExporter.Configuration;
using EtcdProbeExporter.Hosting;

namespace EtcdProbeExporter.Tests.Hosting;

public sealed class CheckProgressTests
{
    private static readonly ExporterConfiguration Configuration = new()
    {
        Clusters = [new ClusterConfiguration { Name = "c", Endpoints = [new EndpointAddress("http", "a", 1)] }],
    };

    [Fact]
    public void It_says_whom_it_waits_for_and_takes_the_line_away()
    {
        using var error = new StringWriter();
        var time = new ManualTime();
        using var progress = new CheckProgress(Environment(error), Configuration, time);

        time.Advance(TimeSpan.FromSeconds(1));
        progress.Clear();
        time.Advance(TimeSpan.FromSeconds(1));

        error.ToString().Should().Contain("waiting for a:1, ").And.EndWith("\r\e[K");
    }

    [Fact]
    public void A_terminal_that_is_gone_does_not_end_the_process()
    {
        using var error = new GoneTerminal();
        var time = new ManualTime();
        using var progress = new CheckProgress(Environment(error), Configuration, time);

        time.Invoking(t => t.Advance(TimeSpan.FromSeconds(1))).Should().NotThrow();
        progress.Invoking(p => p.Clear()).Should().NotThrow();
        error.Asked.Should().BeTrue();
    }

    private static CliEnvironment Environment(TextWriter error) =>
        new(TextWriter.Null, error, _ => null, _ => throw new FileNotFoundException()) { ErrorIsTerminal = true };

    private sealed class GoneTerminal : StringWriter
    {
        public bool Asked { get; private set; }

        public override void Write(string? value)
        {
            Asked = true;
            throw new IOException("Input/output error");
        }
    }
}
