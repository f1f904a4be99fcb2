using EtcdProbeExporter.Cli;
using EtcdProbeExporter.Hosting;

var environment = CliEnvironment.Process;
var handlers = new CommandHandlers
{
    Run = (loaded, cancellationToken) => ExporterHost.RunAsync(loaded, environment.Error, cancellationToken),
};
return await CommandLine.RunAsync(args, handlers, environment);
