using EtcdProbeExporter.Cli;

namespace EtcdProbeExporter.Tests.Cli;

/// <summary>One command line, run in-process; <see cref="Called"/> says which handler got what.</summary>
internal sealed record CommandRun(int ExitCode, string Output, string Error, string? Called)
{
    public static async Task<CommandRun> OfAsync(string line)
    {
        string? called = null;
        var handlers = new CommandHandlers
        {
            Run = (_, _) =>
            {
                called = "run";
                return Task.FromResult(0);
            },
            HealthCheck = (configuration, _) =>
            {
                called = $"healthcheck {configuration.Web.ListenAddress}";
                return Task.FromResult(0);
            },
            Check = (configuration, output, _) =>
            {
                called = $"check {output} {string.Join(' ', configuration.Clusters[0].Endpoints.Select(endpoint => endpoint.Label))}";
                return Task.FromResult(0);
            },
        };
        return await OfAsync(line, handlers, default) with { Called = called };
    }

    public static async Task<CommandRun> OfAsync(string line, CommandHandlers handlers, CancellationToken cancellationToken)
    {
        using StringWriter output = new() { NewLine = "\n" };
        using StringWriter error = new() { NewLine = "\n" };
        var code = await CommandLine.RunAsync(
            line.Split(' ', StringSplitOptions.RemoveEmptyEntries), handlers, new CliEnvironment(output, error, _ => null, _ => throw new FileNotFoundException()), cancellationToken);
        return new CommandRun(code, output.ToString(), error.ToString(), null);
    }
}
