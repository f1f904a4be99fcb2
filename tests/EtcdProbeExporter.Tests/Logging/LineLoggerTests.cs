using System.Text.Json;
using EtcdProbeExporter.Configuration;
using EtcdProbeExporter.Logging;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EtcdProbeExporter.Tests.Logging;

public sealed class LineLoggerTests : IDisposable
{
    private readonly StringWriter _output = new();

    public void Dispose() => _output.Dispose();

    [Fact]
    public void Template_holes_become_snake_case_keys()
    {
        Logger().LogInformation("probed {EtcdEndpoint} in {Took}, ok {Ok}", "10.0.0.1:2379", TimeSpan.FromMilliseconds(1.5), true);

        _output.ToString().Should().Be(
            "ts=2026-11-21T01:02:03.456Z level=info msg=\"probed 10.0.0.1:2379 in 00:00:00.0015000, ok True\" logger=Prober"
            + " etcd_endpoint=10.0.0.1:2379 took=0.0015s ok=true\n");
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("", "\"\"")]
    [InlineData("a b", "\"a b\"")]
    [InlineData("a=b", "\"a=b\"")]
    [InlineData("say \"x\"", "\"say \\\"x\\\"\"")]
    [InlineData("one\ntwo\r\t\u0001\u2028", "\"one\\ntwo\\r\\t\\u0001\\u2028\"")]
    [InlineData("c:\\x", "c:\\x")]
    [InlineData("é", "é")]
    public void Values_are_quoted_when_logfmt_needs_it_and_never_break_the_line(string value, string written) =>
        LogfmtLine.Format("t", [new("key", value)]).Should().Be($"ts=t key={written}");

    [Fact]
    public void Reserved_keys_and_repetitions_are_not_written_twice()
    {
        Logger().LogWarning("{Level} {Ts} {A} {A}", 1, 2, 3, 4);

        _output.ToString().Should().Be("ts=2026-11-21T01:02:03.456Z level=warn msg=\"1 2 3 4\" logger=Prober a=3\n");
    }

    [Theory]
    [InlineData(LogLevel.Information, LogLevel.Warning, false)]
    [InlineData(LogLevel.Information, LogLevel.Error, true)]
    [InlineData(LogLevel.Debug, LogLevel.Warning, true)]
    public void Exceptions_are_type_and_message_and_have_a_stack_where_they_are_defects_or_at_debug(LogLevel configured, LogLevel level, bool withStack)
    {
        Logger(new LogConfiguration { Level = configured }).Log(level, Thrown(), "failed");

        var line = _output.ToString();
        line.Should().Contain($"level={(level == LogLevel.Error ? "error" : "warn")} msg=failed logger=Prober err=\"InvalidOperationException: outer: IOException: inner\"");
        line.Contains("stack=").Should().Be(withStack);
        line.TrimEnd('\n').Should().NotContain("\n");
    }

    [Fact]
    public void Json_has_the_same_keys_with_types()
    {
        Logger(new LogConfiguration { Format = LogFormat.Json }).LogWarning(Thrown(), "n {Count} {Ratio} {NotANumber}", 3, 0.5, double.NaN);

        using var line = JsonDocument.Parse(_output.ToString());
        line.RootElement.EnumerateObject().Select(property => $"{property.Name}={property.Value}").Should().Equal(
            "ts=2026-11-21T01:02:03.456Z", "level=warn", "msg=n 3 0.5 NaN", "logger=Prober", "count=3", "ratio=0.5", "not_a_number=NaN",
            "err=InvalidOperationException: outer: IOException: inner");
        line.RootElement.GetProperty("count").ValueKind.Should().Be(JsonValueKind.Number);
        _output.ToString().Should().EndWith("}\n");
    }

    [Fact]
    public void Levels_below_the_configured_one_and_framework_chatter_are_silent()
    {
        using var services = new ServiceCollection().AddLogging(logging => logging.UseLineLogging(new LogConfiguration(), _output, new FixedTime()))
            .BuildServiceProvider();
        var factory = services.GetRequiredService<ILoggerFactory>();

        factory.CreateLogger("EtcdProbeExporter.Probing.Prober").LogDebug("no");
        factory.CreateLogger("Microsoft.Hosting.Lifetime").LogInformation("no");
        factory.CreateLogger("Microsoft.Hosting.Lifetime").LogWarning("framework");
        factory.CreateLogger("EtcdProbeExporter.Probing.Prober").LogInformation("ours");

        _output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().HaveCount(2);
        _output.ToString().Should().Contain("framework").And.Contain("ours");
    }

    [Fact]
    public void Lines_of_many_threads_never_mix()
    {
        using var provider = new LineLoggerProvider(_output, new LogConfiguration(), new FixedTime());
        var logger = provider.CreateLogger("x");

        Parallel.For(0, 1000, i => logger.LogInformation("{Number}", i));

        _output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().HaveCount(1000)
            .And.OnlyContain(line => line.StartsWith("ts=") && line.Contains(" number="));
    }

    [Fact]
    public void A_closed_writer_does_not_fail_the_program()
    {
        var logger = Logger();
        _output.Dispose();

        logger.Invoking(target => target.LogInformation("lost")).Should().NotThrow();
    }

    private static InvalidOperationException Thrown()
    {
        try
        {
            throw new InvalidOperationException("outer", new IOException("inner"));
        }
        catch (InvalidOperationException exception)
        {
            return exception;
        }
    }

    private ILogger Logger(LogConfiguration? configuration = null)
    {
        using var provider = new LineLoggerProvider(_output, configuration ?? new LogConfiguration(), new FixedTime());
        return provider.CreateLogger("EtcdProbeExporter.Probing.Prober");
    }

    [Theory]
    [InlineData("logfmt")]
    [InlineData("json")]
    public void What_a_peer_said_is_cut(string format)
    {
        KeyValuePair<string, object?>[] fields = [new("detail", new string('x', 60_000)), new("list", new List<string> { new('y', 700), new('z', 700) }), new("n", 5)];

        var line = format == "json" ? JsonLine.Format("t", fields) : LogfmtLine.Format("t", fields);

        line.Should().Contain("xxx…(59000 more)").And.Contain("zzz…(401 more)").And.Contain("5");
        line.Length.Should().BeLessThan(2100);
    }

    [Fact]
    public void A_cut_goes_through_no_character() =>
        LogfmtLine.Format("t", [new("k", new string('x', 999) + "\U0001F600" + new string('x', 10))]).Should().EndWith("x…(12 more)\"");
}
