using EtcdProbeExporter.Cli;
using EtcdProbeExporter.Grpc;
using EtcdProbeExporter.Hosting;

var stop = new StopSignals(); // first of all, and never disposed of: a signal in the last moment must not change the exit code
HomeDirectory.EnsureKnown();
BlockingLookups.ReserveThreads();
var environment = CliEnvironment.OfProcess();
var handlers = new CommandHandlers
{
    Run = (loaded, cancellationToken) => ExporterHost.RunAsync(loaded, environment, cancellationToken),
    HealthCheck = (configuration, cancellationToken) => HealthCheckCall.RunAsync(configuration.Web, environment.Error, cancellationToken),
    Check = (configuration, cancellationToken) => CheckRound.RunAsync(configuration, environment, cancellationToken),
};
return await CommandLine.RunAsync(args, handlers, environment, stop.Token);
