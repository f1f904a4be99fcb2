using EtcdProbeExporter.Files;
using Microsoft.Win32.SafeHandles;

namespace EtcdProbeExporter.Cli;

/// <summary>What the command line touches of the outside world, so that it runs in-process in tests.</summary>
internal sealed record CliEnvironment(
    TextWriter Output, TextWriter Error, Func<string, string?> Variable, Func<string, string> ReadFile)
{
    // For as long as the process lives.
    private static readonly List<SafeFileHandle> Held = [];

    /// <summary>The one clock of the process; handed to everything that needs the time.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    public bool OutputIsTerminal { get; init; }

    public bool ErrorIsTerminal { get; init; }

    /// <summary>RLIMIT_NOFILE; null: none, or unknown.</summary>
    public long? OpenFileLimit { get; init; }

    /// <summary>Colour only where a person looks, and not where they asked for none: https://no-color.org, any value that is not empty.</summary>
    public bool OutputHasColour => OutputIsTerminal && string.IsNullOrEmpty(Variable("NO_COLOR")) && Variable("TERM") is not (null or "dumb");

    /// <summary>That of this process; to be asked for once, before anything is opened.</summary>
    public static CliEnvironment OfProcess()
    {
        HoldStandardDescriptors();
        var (output, error) = (IsOurs(1), IsOurs(2));
        return new CliEnvironment(
            TextWriter.Synchronized(new StandardWriter(output ? Console.OpenStandardOutput() : null, mustArrive: true)),
            TextWriter.Synchronized(new StandardWriter(error ? Console.OpenStandardError() : null, mustArrive: false)),
            Environment.GetEnvironmentVariable,
            RegularFile.ReadAllText)
        {
            OutputIsTerminal = output && !Console.IsOutputRedirected,
            ErrorIsTerminal = error && !Console.IsErrorRedirected,
            OpenFileLimit = Proc("/proc/self/limits") is { } limits ? OpenFiles.Limit(limits) : null,
        };
    }

    /// <summary>
    /// Takes descriptors 0 to 2 where they are free, so that no socket of ours ever gets them: the runtime and the C library write to them
    /// on their own. A new descriptor is always the lowest free one (open(2)).
    /// </summary>
    private static void HoldStandardDescriptors()
    {
        try
        {
            while (Held.Count < 3)
            {
                var handle = File.OpenHandle("/dev/null", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
                if (handle.DangerousGetHandle() > 2)
                {
                    handle.Dispose();
                    return;
                }

                Held.Add(handle);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // no /dev/null here: then there is nothing to be done about it
        }
    }

    private static bool IsOurs(int descriptor) =>
        !Directory.Exists("/proc/self/fdinfo") || (Proc($"/proc/self/fdinfo/{descriptor}") is { } info && InheritedDescriptor.IsWritable(info));

    private static string? Proc(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
