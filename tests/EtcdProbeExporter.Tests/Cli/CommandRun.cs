using EtcdProbeExporter.Cli;

namespace EtcdProbeExporter.Tests.Cli;

/// <summary>One command line, run in-process; <see cref="Called"/> says which handler got what.</summary>
internal sealed record CommandRun(int ExitCode, string Output, string Error, string? Called)
{
    public static async Task<CommandRun> OfAsync(string line, Dictionary<string, string>? variables = null, Func<string, string>? readFile = null)
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
            Check = (configuration, _) =>
            {
                called = $"check {configuration.Check.Output} {string.Join(' ', configuration.Clusters[0].Endpoints.Select(endpoint => endpoint.Label))}";
                return Task.FromResult(0);
            },
        };
        return await OfAsync(line, handlers, default, variables, readFile) with { Called = called };
    }

    public static async Task<CommandRun> OfAsync(
        string line,
        CommandHandlers handlers,
        CancellationToken cancellationToken,
        Dictionary<string, string>? variables = null,
        Func<string, string>? readFile = null)
    {
        using StringWriter output = new() { NewLine = "\n" };
        using StringWriter error = new() { NewLine = "\n" };
        var environment = new CliEnvironment(output, error, name => variables?.GetValueOrDefault(name), readFile ?? (_ => throw new FileNotFoundException()));
        var code = await CommandLine.RunAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries), handlers, environment, cancellationToken);
        return new CommandRun(code, output.ToString(), error.ToString(), null);
    }
}
