using EtcdProbeExporter.Configuration;

namespace EtcdProbeExporter.Cli;

/// <summary>
/// From arguments to an exit code. The parser only parses and never invokes, so it installs no signal handlers: those are the host's.
/// </summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(
        string[] args, CommandHandlers handlers, CliEnvironment environment, CancellationToken cancellationToken = default)
    {
        try
        {
            return await ReadAsync(args, handlers, environment, cancellationToken);
        }
        catch (OutputFailedException e)
        {
            await environment.Error.WriteLineAsync($"error: standard output cannot be written: {e.Message}");
            return ExitCode.Failure;
        }
    }

    private static async Task<int> ReadAsync(
        string[] args, CommandHandlers handlers, CliEnvironment environment, CancellationToken cancellationToken)
    {
        var syntax = new CommandSyntax();
        var parsed = syntax.Parse(args);
        if (parsed.GetResult(syntax.Help) is { Implicit: false })
        {
            await environment.Output.WriteAsync(HelpText.Page);
            return ExitCode.Success;
        }

        if (parsed.GetResult(syntax.Version) is { Implicit: false })
        {
            await environment.Output.WriteLineAsync(BuildInformation.Current.ToString());
            return ExitCode.Success;
        }

        var errors = UsageErrors.Describe(parsed, args).ToList();
        var loader = new ConfigurationLoader(syntax.Flags(parsed), environment.Variable, environment.ReadFile);
        var loaded = loader.Load();
        errors.AddRange(loaded.Errors.Select(error => error.ToString()));
        if (errors.Count > 0 || !loaded.IsValid)
        {
            await ReportAsync(errors, environment.Error);
            return ExitCode.Usage;
        }

        var verb = parsed.GetResult(syntax.ConfigCheck) is { Implicit: false } ? syntax.CheckConfig : parsed.CommandResult.Command;
        if (verb == syntax.CheckConfig || verb == syntax.Check)
        {
            foreach (var warning in loaded.Warnings)
            {
                await environment.Error.WriteLineAsync($"warning: {warning}");
            }
        }

        if (verb == syntax.CheckConfig)
        {
            await environment.Output.WriteAsync(EffectiveConfiguration.Print(loaded.Configuration));
            return ExitCode.Success;
        }

        if (verb != syntax.HealthCheck
            && OpenFiles.Objection(environment.OpenFileLimit, loaded.Configuration.Clusters.Sum(c => c.Endpoints.Count)) is { } objection)
        {
            await environment.Error.WriteLineAsync($"error: {objection}");
            return ExitCode.Usage;
        }

        try
        {
            if (verb == syntax.HealthCheck)
            {
                return await handlers.HealthCheck(loaded.Configuration, cancellationToken);
            }

            return verb == syntax.Check
                ? await handlers.Check(loaded.Configuration, cancellationToken)
                : await handlers.Run(new LoadedConfiguration(loaded.Configuration, loader.Load) { Warnings = loaded.Warnings }, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Told to stop before it was started: that is the wish of whoever stops a service, and no answer for whoever asked for one.
            if (verb != syntax.Check && verb != syntax.HealthCheck)
            {
                return ExitCode.Success;
            }

            await environment.Error.WriteLineAsync("interrupted");
            return ExitCode.Failure;
        }
        catch (Exception exception) when (exception is not OutputFailedException)
        {
            // Left alone, it would end the process with SIGABRT and exit code 134 instead of the documented one.
            await environment.Error.WriteLineAsync($"crashed: {exception}");
            return ExitCode.Failure;
        }
    }

    private static async Task ReportAsync(List<string> errors, TextWriter to)
    {
        foreach (var error in errors)
        {
            await to.WriteLineAsync($"error: {error}");
        }

        await to.WriteLineAsync("See etcd-probe-exporter --help.");
    }
}
