namespace EtcdProbeExporter.Configuration;

/// <summary>
/// What one source (command line and variables, the file, one cluster of the file) says, by the rows of the table. What it is silent about
/// is not in it.
/// </summary>
internal sealed class Draft(Origin origin)
{
    private readonly Dictionary<Setting, Written> _written = [];

    /// <summary>The source.</summary>
    public Origin Origin { get; } = origin;

    /// <summary>The settings that it speaks about.</summary>
    public IEnumerable<Setting> Given => _written.Keys;

    /// <summary>Null: silence.</summary>
    public Written? this[Setting setting]
    {
        get => _written.GetValueOrDefault(setting);
        set
        {
            if (value is null)
            {
                _written.Remove(setting);
            }
            else
            {
                _written[setting] = value;
            }
        }
    }

    /// <summary>Only the settings that the condition holds for.</summary>
    public Draft Where(Func<Setting, bool> condition)
    {
        var part = new Draft(Origin);
        foreach (var (setting, written) in _written.Where(pair => condition(pair.Key)))
        {
            part[setting] = written;
        }

        return part;
    }

    /// <summary>This draft where it speaks, the other where it is silent.</summary>
    public Draft Over(Draft lower)
    {
        var merged = lower.Where(setting => setting.GivesWayTo is not { } other || this[other] is null);
        foreach (var (setting, written) in _written)
        {
            merged[setting] = merged[setting] is { } below ? setting.Over(written, below) : written;
        }

        return merged;
    }
}
