namespace EtcdProbeExporter.Monitoring;

/// <summary>One log line for each endpoint that discovery adds or drops, and one when the member list becomes too long.</summary>
internal sealed partial class DiscoveryLog(string cluster, ILogger logger)
{
    private bool _tooMany;

    public void Report(DiscoveryChanges changes)
    {
        if (changes.Left > 0 && !_tooMany)
        {
            Log.TooMany(logger, cluster, Discovery.MostDiscovered, changes.Left);
        }

        _tooMany = changes.Left > 0;
        foreach (var address in changes.Gone)
        {
            Log.Gone(logger, address.Label, cluster);
        }

        foreach (var address in changes.Found)
        {
            Log.Found(logger, address.Label, cluster);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(111, LogLevel.Information, "the member list of {Cluster} names {Endpoint}, it is probed from now on")]
        public static partial void Found(ILogger logger, string endpoint, string cluster);

        [LoggerMessage(112, LogLevel.Information, "the member list of {Cluster} no longer names {Endpoint}, it is probed no more")]
        public static partial void Gone(ILogger logger, string endpoint, string cluster);

        [LoggerMessage(117, LogLevel.Warning, "the member list of {Cluster} is too long: {Most} discovered members are probed, {Left} are not")]
        public static partial void TooMany(ILogger logger, string cluster, int most, int left);
    }
}
