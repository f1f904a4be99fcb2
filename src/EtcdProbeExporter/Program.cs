using EtcdProbeExporter.Cli;
using EtcdProbeExporter.Hosting;

using var stop = new StopSignals(); // first of all: see there
HomeDirectory.EnsureKnown();
var environment = CliEnvironment.OfProcess();
var handlers = new CommandHandlers
{
    Run = (loaded, cancellationToken) => ExporterHost.RunAsync(loaded, environment, cancellationToken),
    HealthCheck = (configuration, cancellationToken) => HealthCheckCall.RunAsync(configuration.Web, environment.Error, cancellationToken),
    Check = (configuration, output, cancellationToken) => CheckRound.RunAsync(configuration, output, environment, cancellationToken),
};
return await CommandLine.RunAsync(args, handlers, environment, stop.Token);
