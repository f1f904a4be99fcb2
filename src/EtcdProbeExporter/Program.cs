using EtcdProbeExporter.Cli;

var handlers = new CommandHandlers { Run = (_, _) => Task.FromResult(ExitCode.Success) };
return await CommandLine.RunAsync(args, handlers, CliEnvironment.Process);
