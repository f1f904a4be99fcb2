using EtcdProbeExporter.Configuration;
using EtcdProbeExporter.Logging;
using EtcdProbeExporter.Supervision;

namespace EtcdProbeExporter.Tests.Supervision;

public sealed class InternalErrorsTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly StringWriter _log = new();
    private readonly LineLoggerProvider _provider;
    private readonly InternalErrors _errors;

    public InternalErrorsTests()
    {
        _provider = new LineLoggerProvider(_log, new LogConfiguration(), _time);
        _errors = new InternalErrors(_time, _provider.CreateLogger("EtcdProbeExporter"));
    }

    private string[] Lines => _log.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);

    [Fact]
    public void The_first_is_logged_with_its_stack_and_repetitions_once_a_minute_with_their_number()
    {
        Report(ExporterPart.Round, "first");
        Lines.Should().ContainSingle().Which.Should().Contain("level=error").And.Contain("where=round").And.Contain("stack=").And.Contain(nameof(Thrown));

        for (var second = 0; second < 59; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            Report(ExporterPart.Round, "again");
        }

        Lines.Should().HaveCount(1);
        _time.Advance(TimeSpan.FromSeconds(1));
        Report(ExporterPart.Round, "again");
        Lines.Should().HaveCount(2);
        Lines[1].Should().Contain("times=60").And.NotContain("stack=");
        _errors.Count(ExporterPart.Round).Should().Be(61);
        _errors.Count(ExporterPart.Probe).Should().Be(0);
    }

    [Fact]
    public void Another_defect_or_another_part_is_logged_at_once()
    {
        Report(ExporterPart.Round, "a");
        Report(ExporterPart.Probe, "a");
        _errors.Report(ExporterPart.Round, "a", new NotSupportedException("another"));

        Lines.Should().HaveCount(3);
    }

    [Fact]
    public void What_is_remembered_is_bounded()
    {
        for (var i = 0; i < 1000; i++)
        {
            _errors.Report(ExporterPart.Page, "p", (Exception)Activator.CreateInstance(typeof(Many<>).MakeGenericType(KindOf(i)))!);
        }

        Lines.Should().HaveCountLessThan(70);
        _errors.Count(ExporterPart.Page).Should().Be(1000);
    }

    [Fact]
    public void Every_part_has_a_label_of_its_own() => ExporterParts.All.Select(p => p.Label()).Should().OnlyHaveUniqueItems().And.HaveCount(Enum.GetValues<ExporterPart>().Length);

    public void Dispose()
    {
        _provider.Dispose();
        _log.Dispose();
    }

    private static Type KindOf(int depth)
    {
        Type[] digits = [typeof(int), typeof(long), typeof(short), typeof(byte), typeof(uint), typeof(ulong), typeof(char), typeof(bool), typeof(float), typeof(double)];
        return typeof(ValueTuple<,,>).MakeGenericType(digits[depth % 10], digits[depth / 10 % 10], digits[depth / 100 % 10]);
    }

    private void Report(ExporterPart where, string what)
    {
        try
        {
            throw Thrown();
        }
        catch (InvalidOperationException e)
        {
            _errors.Report(where, what, e);
        }
    }

    private static InvalidOperationException Thrown() => new($"defect {nameof(Thrown)}");

    private sealed class Many<T> : Exception;
}
