using System.Globalization;

namespace EtcdProbeExporter.Campaign;

/// <summary>What the command line asks for.</summary>
internal sealed record CampaignOptions
{
    public const string Usage = """
        usage: campaign --minutes N --seed S [--etcd DIR…] [--faults NAME,…] [--quick] [--no-alerts]   run episodes for N minutes
               campaign --episode K --seed S [--etcd DIR…] [--faults NAME,…] [--quick] [--no-alerts]   run episode K of seed S alone
               campaign --write                      write docs/truth.md from the results of all runs
               campaign --list                       list the faults, and what hinders some of them here
        --quick leaves out faults that take the whole machine, or minutes.
        DIR holds etcd and etcdctl of one release, or folders that do (as ETCD_RELEASES does).
        """;

    public int Minutes { get; private init; }

    public int Seed { get; private init; }

    /// <summary>Null: as many as fit.</summary>
    public int? Episode { get; private init; }

    public IReadOnlyList<string> Etcd { get; private init; } = [];

    /// <summary>Names; empty: all.</summary>
    public IReadOnlyList<string> Faults { get; private init; } = [];

    public bool Alerts { get; private init; } = true;

    /// <summary>Nothing that takes the whole machine, or minutes.</summary>
    public bool Quick { get; private init; }

    public bool Write { get; private init; }

    public bool List { get; private init; }

    /// <summary>What a replay needs beside the seed.</summary>
    public string ReplayArguments => string.Concat(
        Etcd.Count > 0 ? $" --etcd {string.Join(' ', Etcd)}" : "", Faults.Count > 0 ? $" --faults '{string.Join(',', Faults)}'" : "", Quick ? " --quick" : "", Alerts ? "" : " --no-alerts");

    /// <summary>The options, or what is wrong with them.</summary>
    public static (CampaignOptions? Options, string? Error) Parse(IReadOnlyList<string> arguments)
    {
        var options = new CampaignOptions();
        bool seeded = false, timed = false;
        for (var i = 0; i < arguments.Count; i++)
        {
            var (flag, value) = (arguments[i], i + 1 < arguments.Count ? arguments[i + 1] : null);
            switch (flag)
            {
                case "--minutes" when Number(value) is > 0 and <= 1440 and var minutes:
                    (options, timed) = (options with { Minutes = minutes }, true);
                    i++;
                    break;
                case "--seed" when Number(value) is >= 0 and var seed:
                    (options, seeded) = (options with { Seed = seed }, true);
                    i++;
                    break;
                case "--episode" when Number(value) is >= 0 and var episode:
                    options = options with { Episode = episode };
                    i++;
                    break;
                case "--etcd" when value is not null && Directory.Exists(value):
                    var folders = arguments.Skip(i + 1).TakeWhile(a => !a.StartsWith('-')).ToList();
                    if (folders.Find(f => !Directory.Exists(f)) is { } absent)
                    {
                        return (null, $"--etcd: there is no folder '{absent}'");
                    }

                    options = options with { Etcd = [.. options.Etcd, .. folders] };
                    i += folders.Count;
                    break;
                case "--faults" when value is not null:
                    options = options with { Faults = value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) };
                    i++;
                    break;
                case "--no-alerts":
                    options = options with { Alerts = false };
                    break;
                case "--quick":
                    options = options with { Quick = true };
                    break;
                case "--write":
                    options = options with { Write = true };
                    break;
                case "--list":
                    options = options with { List = true };
                    break;
                case "--minutes" or "--seed" or "--episode" or "--etcd" or "--faults":
                    return (null, value is null ? $"{flag} wants a value" : $"{flag}: '{value}' will not do");
                default:
                    return (null, $"unknown argument '{flag}'");
            }
        }

        var runs = timed || options.Episode is not null;
        return runs && !seeded ? (null, "--seed is missing")
            : timed && options.Episode is not null ? (null, "--minutes and --episode exclude each other")
            : !runs && !options.Write && !options.List ? (null, "--minutes or --episode is missing")
            : (options, null);
    }

    private static int? Number(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
