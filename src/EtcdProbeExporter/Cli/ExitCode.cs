namespace EtcdProbeExporter.Cli;

/// <summary>Exit codes of all verbs; scripts depend on them.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>The process crashed, or <c>check</c> found something wrong.</summary>
    public const int Failure = 1;

    /// <summary>Wrong usage or a refused configuration.</summary>
    public const int Usage = 2;
}
