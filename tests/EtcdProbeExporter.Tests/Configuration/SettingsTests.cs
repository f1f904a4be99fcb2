using System.Collections;
using System.Reflection;
using EtcdProbeExporter.Cli;
using EtcdProbeExporter.Configuration;
using EtcdProbeExporter.Tests.Cli;

namespace EtcdProbeExporter.Tests.Configuration;

/// <summary>Walks over the whole table: whatever a row says of itself holds.</summary>
public sealed class SettingsTests
{
    public static TheoryData<string> Rows { get; } = [.. Settings.All.Select(SettingSamples.NameOf)];

    [Fact]
    public void Every_row_that_is_declared_is_in_the_table_once()
    {
        var declared = typeof(Setting).Assembly.GetTypes().Where(type => !type.ContainsGenericParameters)
            .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(field => field.FieldType.IsAssignableTo(typeof(Setting)))
            .Select(field => (Setting)field.GetValue(null)!);

        declared.Except(Settings.All).Select(SettingSamples.NameOf).Should().BeEmpty();
        Settings.All.Should().OnlyHaveUniqueItems().And.OnlyContain(setting => setting.Path != null || setting.Flag != null);
        Settings.OfCluster.Count.Should().Be(Settings.All.Count - Settings.OfExporter.Count);
    }

    [Fact]
    public void No_flag_variable_or_path_means_two_things()
    {
        Settings.All.SelectMany(setting => setting.Synonyms.Append(setting.Flag).Append(setting.FlagOfCheck)).OfType<string>()
            .Should().OnlyHaveUniqueItems().And.OnlyContain(flag => flag.StartsWith('-'));
        Settings.All.Select(setting => setting.Variable).OfType<string>().Should().OnlyHaveUniqueItems().And.OnlyContain(name => name.StartsWith("ETCDCTL_"));
        Settings.OfCluster.Select(setting => setting.Path).Should().OnlyHaveUniqueItems().And.NotContainNulls();
        Settings.OfExporter.Select(setting => setting.Path).OfType<string>().Should().OnlyHaveUniqueItems().And.NotContain("clusters");
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_row_sets_the_same_from_each_of_its_sources(string name)
    {
        var setting = SettingSamples.Row(name);
        if (SettingSamples.Of(setting) is not { Good: { } good, Other: { } other })
        {
            return; // no value of it is good, and another walk refuses one
        }

        var expected = Load((setting, SourcesOf(setting)[0], good));
        Lines(setting, expected).Should().Contain(line => line.Contains(setting.IsSecret ? EffectiveConfiguration.Secret : good));
        foreach (var source in SourcesOf(setting))
        {
            Flat(Load((setting, source, good))).Should().Equal(Flat(expected), "{0} sets it", source);
            Flat(Load((setting, source, other))).Should().NotEqual(Flat(expected), "{0} sets it", source);
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_flag_beats_a_variable_and_both_beat_the_file(string name)
    {
        var setting = SettingSamples.Row(name);
        var samples = SettingSamples.Of(setting);
        string[] sources = [.. new[] { setting.Flag, setting.Variable, setting.Path }.OfType<string>()];
        foreach (var (upper, lower) in sources.SelectMany((upper, index) => sources.Skip(index + 1).Select(lower => (upper, lower))))
        {
            var merged = Load((setting, upper, samples.Good!), (setting, lower, samples.Other!));

            Flat(merged).Should().Equal(Flat(Load((setting, upper, samples.Good!))), "{0} beats {1}", upper, lower);
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task A_bad_value_is_refused_by_key_and_value_with_exit_code_2(string name)
    {
        var setting = SettingSamples.Row(name);
        foreach (var source in SourcesOf(setting))
        {
            if (SettingSamples.Of(setting).BadIn(setting, source) is not { } bad)
            {
                continue; // every text is a user or a password
            }

            var (arguments, variables, yaml) = Given((setting, source, bad));
            var file = setting == ConfigurationFile.Location ? "" : $"--config.file={Loading.Path}";

            var cli = await CommandRun.OfAsync($"check {string.Join(' ', arguments)} {file}", variables, Loading.Files(yaml));

            cli.ExitCode.Should().Be(2);
            cli.Error.Should().Contain(KeyOf(setting, source) + (setting.IsSecret ? ": " : $" {QuotedText.Of(bad)}: "));
            cli.Called.Should().BeNull();
        }
    }

    [Fact]
    public void All_bad_values_are_reported_at_once()
    {
        foreach (var sourceOf in new Func<Setting, string?>[] { setting => setting.Flag, setting => setting.Variable, setting => setting.Path })
        {
            var bad = Settings.All.Where(setting => setting != ConfigurationFile.Location && sourceOf(setting) is not null)
                .Select(setting => (Setting: setting, Source: sourceOf(setting)!, Value: SettingSamples.Of(setting).BadIn(setting, sourceOf(setting)!)!))
                .Where(given => given.Value is not null).ToArray();
            var (arguments, variables, yaml) = Given(bad);

            var errors = Loading.Load(Parsed(arguments), yaml, variables).Errors;

            bad.Should().HaveCountGreaterThan(3);
            errors.Select(error => error.Key).Should().Contain(bad.Select(given => KeyOf(given.Setting, given.Source)));
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void What_the_file_may_set_is_read_again_at_a_reload(string name)
    {
        var setting = SettingSamples.Row(name);
        setting.IsReloadable.Should().Be(setting.Path is not null);
        if (setting.Path is null)
        {
            return;
        }

        var yaml = Given((setting, setting.Path, SettingSamples.Of(setting).Good!)).Yaml;
        var loader = new ConfigurationLoader(new Flags { { "--config.file", Loading.Path } }, _ => null, path => Loading.Files(yaml)(path));
        var before = loader.Load();
        yaml = Given((setting, setting.Path, SettingSamples.Of(setting).Other!)).Yaml;

        Flat(loader.Load().Configuration!).Should().NotEqual(Flat(before.Configuration!));
    }

    [Fact]
    public void Every_property_of_the_configuration_is_set_by_a_row()
    {
        List<string> properties = [.. Flat(Load()).Keys];
        var set = Settings.All.Where(setting => SettingSamples.Of(setting).Good is not null).SelectMany(setting =>
        {
            var source = SourcesOf(setting)[0];
            var (one, two) = (Flat(Load((setting, source, SettingSamples.Of(setting).Good!))), Flat(Load((setting, source, SettingSamples.Of(setting).Other!))));
            return properties.Where(property => one[property] != two[property]);
        });

        set.Should().BeEquivalentTo(properties);
    }

    [Fact]
    public void A_setting_that_nobody_set_has_the_default_of_its_row()
    {
        var configuration = Loading.Load().Configuration!;
        foreach (var setting in Settings.All)
        {
            var lines = Lines(setting, configuration).ToList();
            if (setting.DefaultText is { } text)
            {
                lines[^1].Should().EndWith(text);
            }
            else
            {
                lines.Should().BeEmpty();
            }
        }

        Flat(configuration).Should().Equal(Flat(new ExporterConfiguration
        {
            Clusters = [new ClusterConfiguration { Name = "default", Endpoints = [new EndpointAddress("http", "127.0.0.1", 2379)] }],
        }));
    }

    /// <summary>Its flags, its variable, its path: whatever can set it, by name.</summary>
    private static string[] SourcesOf(Setting setting) =>
        [.. setting.Synonyms.Prepend(setting.Flag).Append(setting.FlagOfCheck).Append(setting.Variable).Append(setting.Path).OfType<string>()];

    /// <summary>What an error says of where a bad value stands.</summary>
    private static string KeyOf(Setting setting, string source) =>
        source == setting.Path ? (setting is Setting<ClusterConfiguration> ? "clusters[0]." : "") + source + (setting.IsRepeatable ? "[0]" : "")
        : setting.Synonyms.Contains(source) ? setting.Flag! : source;

    private static (List<string> Arguments, Dictionary<string, string> Variables, string Yaml) Given(
        params (Setting Setting, string Source, string Value)[] given)
    {
        List<string> arguments = [.. given.Where(one => one.Source.StartsWith('-')).Select(one => $"{one.Source}={one.Value}")];
        var variables = given.Where(one => one.Source == one.Setting.Variable).ToDictionary(one => one.Source, one => one.Value);
        // What is set elsewhere must not come from the background.
        var elsewhere = given.Where(one => one.Source != one.Setting.Path).Select(one => (one.Setting, (string?)null));
        var inFile = given.Where(one => one.Source == one.Setting.Path).Select(one => (one.Setting, (string?)one.Value));
        return (arguments, variables, SettingSamples.Yaml(elsewhere.Concat(inFile)));
    }

    /// <summary>The verb check takes all flags.</summary>
    private static Flags Parsed(IEnumerable<string> arguments)
    {
        var syntax = new CommandSyntax();
        return [.. syntax.Flags(syntax.Parse(arguments.Prepend("check")))];
    }

    private static ExporterConfiguration Load(params (Setting Setting, string Source, string Value)[] given)
    {
        var (arguments, variables, yaml) = Given(given);
        var result = Loading.Load(Parsed(arguments), yaml, variables);
        result.Errors.Select(error => error.ToString()).Should().BeEmpty();
        return result.Configuration!;
    }

    private static IEnumerable<string> Lines(Setting setting, ExporterConfiguration configuration) => setting switch
    {
        Setting<ClusterConfiguration> ofCluster => ofCluster.Lines(configuration.Clusters[0]),
        Setting<ExporterConfiguration> ofExporter => ofExporter.Lines(configuration),
        _ => throw new InvalidOperationException("a new kind of owner"),
    };

    /// <summary>Every property with its value, those of the records within included.</summary>
    private static Dictionary<string, string> Flat(ExporterConfiguration configuration) => Flat("", configuration).ToDictionary();

    private static IEnumerable<KeyValuePair<string, string>> Flat(string path, object? value) => value switch
    {
        ExporterConfiguration or ClusterConfiguration or TlsConfiguration or AuthConfiguration or ProbeConfiguration or WebConfiguration or LogConfiguration or CheckConfiguration =>
            value.GetType().GetProperties().SelectMany(property => Flat($"{path}.{property.Name}", property.GetValue(value))),
        IEnumerable<ClusterConfiguration> clusters => clusters.SelectMany(cluster => Flat(path, cluster)),
        IEnumerable items and not string => [new(path, string.Join(' ', items.Cast<object>()))],
        _ => [new(path, $"{value}")],
    };
}
