using System.CommandLine;
using EtcdProbeExporter.Configuration;

namespace EtcdProbeExporter.Cli;

/// <summary>
/// Verbs and flags. Values stay text: the configuration loader judges them, so that a bad value is reported beside all other
/// errors. Help and
/// version are plain switches for the same reason: what they print is ours.
/// </summary>
internal sealed class CommandSyntax
{
    private readonly Option<string[]> _endpoints = new("--endpoints") { Recursive = true, Arity = ArgumentArity.OneOrMore };
    private readonly Option<string> _caCert = Text("--cacert");
    private readonly Option<string> _cert = Text("--cert");
    private readonly Option<string> _key = Text("--key");
    private readonly Option<string> _user = Text("--user");
    private readonly Option<string> _password = Text("--password");
    private readonly Option<string> _insecureSkipTlsVerify = Text("--insecure-skip-tls-verify");
    private readonly Option<string> _configFile = Text("--config.file");
    private readonly Option<string> _listenAddress = Text("--web.listen-address");
    private readonly Option<string> _telemetryPath = Text("--web.telemetry-path");
    private readonly Option<string> _externalUrl = Text("--web.external-url");
    private readonly Option<string> _webConfigFile = Text("--web.config.file");
    private readonly Option<string> _enableLifecycle = Text("--web.enable-lifecycle");
    private readonly Option<string> _interval = Text("--probe.interval");
    private readonly Option<string> _timeout = Text("--probe.timeout");
    private readonly Option<string> _commandTimeout = new("--command-timeout") { Arity = ArgumentArity.ExactlyOne }; // etcdctl's
    private readonly Option<string> _logLevel = Text("--log.level");
    private readonly Option<string> _logFormat = Text("--log.format");

    public CommandSyntax()
    {
        Root.Options.Clear();
        Root.Directives.Clear();
        foreach (var option in new Option[]
        {
            _endpoints, _caCert, _cert, _key, _user, _password, _insecureSkipTlsVerify, _configFile, _listenAddress, _telemetryPath,
            _externalUrl, _webConfigFile, _enableLifecycle, _interval, _timeout, _logLevel, _logFormat, ConfigCheck, Help, Version,
        })
        {
            Root.Options.Add(option);
        }

        Root.Subcommands.Add(new Command("run"));
        Root.Subcommands.Add(CheckConfig);
        Root.Subcommands.Add(HealthCheck);
        Check.Options.Add(Output);
        Check.Options.Add(_commandTimeout);
        Root.Subcommands.Add(Check);
    }

    public RootCommand Root { get; } = [];

    public Command CheckConfig { get; } = new("check-config");

    public Command HealthCheck { get; } = new("healthcheck");

    public Command Check { get; } = new("check");

    public Option<string> Output { get; } = new("--output", "-o", "--write-out", "-w") { Arity = ArgumentArity.ExactlyOne };

    /// <summary>Other exporters' word for the verb check-config.</summary>
    public Option<bool> ConfigCheck { get; } = new("--config.check") { Recursive = true };

    public Option<bool> Help { get; } = new("--help", "-h") { Recursive = true };

    public Option<bool> Version { get; } = new("--version") { Recursive = true };

    public ParseResult Parse(IEnumerable<string> args) =>
        // Response files are off: a password may start with "@".
        Root.Parse([.. args.Select(CompleteSwitch)], new ParserConfiguration { ResponseFileTokenReplacer = null, EnablePosixBundling = false });

    public ConfigurationFlags Flags(ParseResult result) => new()
    {
        Endpoints = result.GetResult(_endpoints)?.Tokens is { Count: > 0 } tokens ? [.. tokens.Select(token => token.Value)] : null,
        CaCert = Value(result, _caCert),
        Cert = Value(result, _cert),
        Key = Value(result, _key),
        User = Value(result, _user),
        Password = Value(result, _password),
        InsecureSkipTlsVerify = Value(result, _insecureSkipTlsVerify),
        ConfigFile = Value(result, _configFile),
        WebListenAddress = Value(result, _listenAddress),
        WebTelemetryPath = Value(result, _telemetryPath),
        WebExternalUrl = Value(result, _externalUrl),
        WebConfigFile = Value(result, _webConfigFile),
        WebEnableLifecycle = Value(result, _enableLifecycle),
        ProbeInterval = Value(result, _interval),
        ProbeTimeout = Value(result, _timeout) ?? Value(result, _commandTimeout),
        LogLevel = Value(result, _logLevel),
        LogFormat = Value(result, _logFormat),
    };

    /// <summary>Null when the flag was not given; never throws, whatever is wrong with the rest of the line.</summary>
    public static string? Value(ParseResult result, Option<string> option) =>
        result.GetResult(option)?.Tokens is [.., var last] ? last.Value : null;

    // pflag and kingpin never take the next word as the value of a switch; only --switch=false has one.
    private string CompleteSwitch(string arg) =>
        arg == _insecureSkipTlsVerify.Name || arg == _enableLifecycle.Name ? $"{arg}=true" : arg;

    private static Option<string> Text(string name) => new(name) { Recursive = true, Arity = ArgumentArity.ExactlyOne };
}
