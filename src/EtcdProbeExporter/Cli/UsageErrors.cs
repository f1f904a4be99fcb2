using System.CommandLine;
using System.CommandLine.Parsing;
using EtcdProbeExporter.Configuration;

namespace EtcdProbeExporter.Cli;

/// <summary>
/// What is wrong with the form of a command line, in our words: one line each, naming flag and, where it holds no secret, the
/// value.
/// </summary>
internal static class UsageErrors
{
    public static IEnumerable<string> Describe(ParseResult result, IReadOnlyList<string> args)
    {
        var unmatched = new List<string>(result.UnmatchedTokens);
        for (var i = 0; i < args.Count; i++)
        {
            if (!unmatched.Remove(args[i]))
            {
                continue;
            }

            if (!args[i].StartsWith('-'))
            {
                yield return Describe(args[i], i > 0 ? args[i - 1] : "", result.RootCommandResult.Command);
                continue;
            }

            // The value is not repeated: the flag may be a misspelt --password.
            var name = args[i].Split('=')[0];
            var nearest = NearestName.Find(name, Flags(result));
            var hint = EtcdctlHints.Of(name) ?? (nearest is null || nearest == name ? null : $"did you mean {nearest}?");
            yield return $"{name}: unknown flag{(hint is null ? "" : $"; {hint}")}";
            if (i + 1 < args.Count && !args[i + 1].StartsWith('-') && unmatched.Remove(args[i + 1]))
            {
                i++;
            }
        }

        foreach (var option in result.Errors.Select(error => Owner(error.SymbolResult)).OfType<OptionResult>().Distinct())
        {
            yield return option.Tokens.Count == 0 ? $"{option.Option.Name}: the value is missing" : $"{option.Option.Name}: given more than once";
        }
    }

    private static string Describe(string word, string before, Command root)
    {
        if (before.StartsWith('-') || root.Subcommands.Count == 0)
        {
            return "unexpected word after the value of a flag; quote a value that contains spaces";
        }

        if (LooksLikeEndpoints(word))
        {
            return $"{QuotedText.Of(word)}: unexpected word; endpoints are given with --endpoints {word}";
        }

        var nearest = NearestName.Find(word, root.Subcommands.Select(command => command.Name));
        var known = string.Join(", ", root.Subcommands.Select(command => command.Name));
        return $"{QuotedText.Of(word)}: unknown command; {(nearest is null ? $"known are {known}" : $"did you mean {nearest}?")}";
    }

    // No user information, which could hold a password, and at least a port or a scheme: anything else may be a misspelt command.
    private static bool LooksLikeEndpoints(string word) =>
        !word.Contains('@') && word.Split(',').All(part => part.Contains(':') && EndpointAddress.TryParse(part, false, out _, out _));

    private static OptionResult? Owner(SymbolResult? symbol) => symbol switch
    {
        OptionResult option => option,
        ArgumentResult { Parent: OptionResult option } => option,
        _ => null,
    };

    private static IEnumerable<string> Flags(ParseResult result) =>
        result.RootCommandResult.Command.Options.Concat(result.CommandResult.Command.Options).Select(option => option.Name);
}

/// <summary>
/// What to say of a flag that etcdctl knows and this program does not (etcdctl --help, 3.4 to 3.6): whoever has a command line that works
/// there should not have to guess.
/// </summary>
internal static class EtcdctlHints
{
    /// <summary>Null: no flag of etcdctl.</summary>
    public static string? Of(string flag) => flag switch
    {
        "--command-timeout" or "--dial-timeout" => "here --probe.timeout bounds a probe, connecting included",
        "--write-out" or "-w" => "it belongs to the command check",
        "--cluster" => "here discover: true in the configuration file",
        "--discovery-srv" or "--discovery-srv-name" => "not supported in this version; name the endpoints",
        "--insecure-transport" => "here an endpoint without TLS is written http://HOST:PORT",
        "--debug" => "here --log.level debug",
        "--keepalive-time" or "--keepalive-timeout" => "here --probe.timeout bounds every probe, so that a dead connection shows",
        "--insecure-discovery" or "--hex" => "etcdctl's, without meaning here",
        _ => null,
    };
}
