namespace EtcdProbeExporter.Cli;

/// <summary>What the command line touches of the outside world, so that it runs in-process in tests.</summary>
internal sealed record CliEnvironment(
    TextWriter Output, TextWriter Error, Func<string, string?> Variable, Func<string, string> ReadFile)
{
    public static CliEnvironment Process => new(Console.Out, Console.Error, Environment.GetEnvironmentVariable, File.ReadAllText);
}
