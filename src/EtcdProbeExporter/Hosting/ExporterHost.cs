using System.Runtime.InteropServices;
using EtcdProbeExporter.Cli;
using EtcdProbeExporter.Configuration;
using EtcdProbeExporter.Instrumentation;
using EtcdProbeExporter.Logging;
using EtcdProbeExporter.Metrics;
using EtcdProbeExporter.Status;
using EtcdProbeExporter.Supervision;
using EtcdProbeExporter.Web;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace EtcdProbeExporter.Hosting;

/// <summary>
/// Puts the parts together and runs them until a signal ends the process. Nothing else does, but for two things at start: a configuration
/// that is refused (files that it names included), and an address that cannot be listened on. See <see cref="InternalErrors"/>.
/// </summary>
internal static partial class ExporterHost
{
    /// <summary>For how long a stop waits for answers that are being sent; connections that are still open then are broken.</summary>
    private static readonly TimeSpan StopWithin = TimeSpan.FromMilliseconds(700);

    /// <summary>Returns the exit code: 0 after SIGTERM or SIGINT, 1 when it cannot listen, 2 when credential files cannot be used.</summary>
    public static async Task<int> RunAsync(LoadedConfiguration loaded, CliEnvironment environment, CancellationToken cancellationToken)
    {
        var time = environment.Time;
        var configuration = loaded.Configuration;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions // no appsettings.json, no ASPNETCORE_ variables
        {
            ContentRootPath = "/", // else the working directory, which need not exist; nothing is read from it
        });
        builder.Logging.UseLineLogging(configuration.Log, environment.Error, time);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            if (ListenAddress.TryParse(configuration.Web.ListenAddress, out var listen, out _))
            {
                Listen(kestrel, listen);
            }
        });
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = StopWithin);
        await using var app = builder.Build();
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("EtcdProbeExporter");
        var build = BuildInformation.Current;
        using var process = new SeriesOwner();
        var registry = new MetricRegistry(time);
        var metrics = new ProductMetrics(registry, process, (build.Version, build.Revision));
        _ = new ProcessMetrics(registry);
        _ = new DotnetMetrics(registry);
        foreach (var warning in loaded.Warnings)
        {
            Log.ConfigurationWarning(logger, warning);
        }

        var errors = new InternalErrors(time, logger);
        await using var clusters = new ClusterSet(metrics, errors, time, logger, app.Lifetime.ApplicationStopping);
        if (await clusters.ApplyAsync(configuration.Clusters) is { } objection)
        {
            Log.ConfigurationRefused(logger, objection);
            return ExitCode.Usage;
        }

        metrics.ConfigurationLoaded(accepted: true);
        registry.AddCollector(sink => metrics.Collect(sink, clusters.Reports(), errors));
        using var reloading = new Reloading(loaded.Reload, clusters, metrics, errors, logger);
#pragma warning disable RS0030 // the one signal that is not about the end of the process
        using var hangup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true; // the default action would end the process
            _ = reloading.ReloadAsync();
        });
#pragma warning restore RS0030
        var served = new Served
        {
            TelemetryPath = configuration.Web.TelemetryPath,
            ExternalUrl = configuration.Web.ExternalUrl,
            Page = () => StatusPage.Of(Statuses(), build.Version, configuration.Web.TelemetryPath, Print()),
            Status = () => StatusJson.Of(Statuses()),
            Ready = () => clusters.Ready,
            Reload = configuration.Web.EnableLifecycle ? reloading.ReloadAsync : null,
        };
        var routes = new Routes(served, new MetricsEndpoint(registry, errors), clusters.Targets, errors);
        app.Run(routes.HandleAsync);
        List<ClusterStatus> Statuses() => [.. clusters.Reports().Select(ClusterStatus.Of)];
        string Print() => EffectiveConfiguration.Print(configuration with { Clusters = clusters.Configurations });
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (IOException e)
        {
            Log.CannotListen(logger, configuration.Web.ListenAddress, e.Message);
            return ExitCode.Failure;
        }

        Log.Listening(logger, configuration.Web.ListenAddress, configuration.Clusters.Sum(c => c.Endpoints.Count), configuration.Clusters.Count);
        await app.WaitForShutdownAsync(cancellationToken);
        return ExitCode.Success;
    }

    private static void Listen(KestrelServerOptions kestrel, ListenAddress address)
    {
        if (address.Address is { } ip)
        {
            kestrel.Listen(ip, address.Port);
        }
        else
        {
            kestrel.ListenAnyIP(address.Port);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(200, LogLevel.Warning, "{Warning}")]
        public static partial void ConfigurationWarning(ILogger logger, string warning);

        [LoggerMessage(202, LogLevel.Information, "listening on {Address}, probing {Endpoints} endpoints of {Clusters} clusters")]
        public static partial void Listening(ILogger logger, string address, int endpoints, int clusters);

        [LoggerMessage(203, LogLevel.Critical, "cannot listen on --web.listen-address {Address}: {Error}")]
        public static partial void CannotListen(ILogger logger, string address, string error);

        [LoggerMessage(204, LogLevel.Critical, "configuration refused: {Objection}")]
        public static partial void ConfigurationRefused(ILogger logger, string objection);
    }
}
