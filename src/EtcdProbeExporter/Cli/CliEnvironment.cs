namespace EtcdProbeExporter.Cli;

/// <summary>What the command line touches of the outside world, so that it runs in-process in tests.</summary>
internal sealed record CliEnvironment(
    TextWriter Output, TextWriter Error, Func<string, string?> Variable, Func<string, string> ReadFile)
{
    public static CliEnvironment Process => new(Console.Out, Console.Error, Environment.GetEnvironmentVariable, File.ReadAllText)
    {
        OutputIsTerminal = !Console.IsOutputRedirected,
        ErrorIsTerminal = !Console.IsErrorRedirected,
    };

    public bool OutputIsTerminal { get; init; }

    public bool ErrorIsTerminal { get; init; }

    /// <summary>Colour only where a person looks, and not where they asked for none: https://no-color.org, any value that is not empty.</summary>
    public bool OutputHasColour => OutputIsTerminal && string.IsNullOrEmpty(Variable("NO_COLOR")) && Variable("TERM") is not (null or "dumb");
}
