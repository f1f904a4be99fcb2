using System.CommandLine;
using EtcdProbeExporter.Configuration;

namespace EtcdProbeExporter.Cli;

/// <summary>
/// Verbs, and the flags of the table of settings. Values stay text: the configuration loader judges them, so that a bad value is reported
/// beside all other errors. Help and version are plain switches for the same reason: what they print is ours.
/// </summary>
internal sealed class CommandSyntax
{
    private readonly List<Option> _flags = [];
    private readonly HashSet<string?> _switches = [.. Settings.All.Where(setting => setting.IsSwitch).Select(setting => setting.Flag)];

    public CommandSyntax()
    {
        Root.Options.Clear();
        Root.Directives.Clear();
        foreach (var setting in Settings.All)
        {
            if (setting.Flag is { } flag)
            {
                Add(setting.IsOfCheck ? Check : Root, flag, setting);
            }

            if (setting.FlagOfCheck is { } flagOfCheck)
            {
                Add(Check, flagOfCheck, setting);
            }
        }

        Root.Options.Add(ConfigCheck);
        Root.Options.Add(Help);
        Root.Options.Add(Version);
        Root.Subcommands.Add(new Command("run"));
        Root.Subcommands.Add(CheckConfig);
        Root.Subcommands.Add(HealthCheck);
        Root.Subcommands.Add(Check);
    }

    public RootCommand Root { get; } = [];

    public Command CheckConfig { get; } = new("check-config");

    public Command HealthCheck { get; } = new("healthcheck");

    public Command Check { get; } = new("check");

    /// <summary>Other exporters' word for the verb check-config.</summary>
    public Option<bool> ConfigCheck { get; } = new("--config.check") { Recursive = true };

    public Option<bool> Help { get; } = new("--help", "-h") { Recursive = true };

    public Option<bool> Version { get; } = new("--version") { Recursive = true };

    public ParseResult Parse(IEnumerable<string> args) =>
        // Response files are off: a password may start with "@".
        Root.Parse([.. args.Select(CompleteSwitch)], new ParserConfiguration { ResponseFileTokenReplacer = null, EnablePosixBundling = false });

    /// <summary>What was given, by flag; never throws, whatever is wrong with the rest of the line.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Flags(ParseResult result) => _flags
        .Select(option => (option.Name, Tokens: result.GetResult(option)?.Tokens ?? []))
        .Where(flag => flag.Tokens.Count > 0)
        .ToDictionary(flag => flag.Name, IReadOnlyList<string> (flag) => [.. flag.Tokens.Select(token => token.Value)]);

    private void Add(Command command, string name, Setting setting)
    {
        string[] synonyms = name == setting.Flag ? [.. setting.Synonyms] : [];
        Option option = setting.IsRepeatable
            ? new Option<string[]>(name, synonyms) { Arity = ArgumentArity.OneOrMore }
            : new Option<string>(name, synonyms) { Arity = ArgumentArity.ExactlyOne };
        option.Recursive = command == Root;
        _flags.Add(option);
        command.Options.Add(option);
    }

    // pflag and kingpin never take the next word as the value of a switch; only --switch=false has one.
    private string CompleteSwitch(string arg) => _switches.Contains(arg) ? $"{arg}=true" : arg;
}
