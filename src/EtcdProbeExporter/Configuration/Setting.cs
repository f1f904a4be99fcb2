namespace EtcdProbeExporter.Configuration;

/// <summary>
/// One row of the table of settings (<see cref="Settings"/>): all there is to know about a setting. Command line, variables, the file, the
/// merge of the three, the help page, check-config, README and the tests are made from it.
/// </summary>
internal abstract class Setting
{
    /// <summary>Where it stands in the file: <c>probe.interval</c> (within its cluster). Null: it has no place there.</summary>
    public string? Path { get; init; }

    /// <summary>With its dashes. Null: only the file sets it.</summary>
    public string? Flag { get; init; }

    /// <summary>Other spellings of the flag.</summary>
    public IReadOnlyList<string> Synonyms { get; init; } = [];

    /// <summary>etcdctl's word for the flag, taken by the verb <c>check</c> alone.</summary>
    public string? FlagOfCheck { get; init; }

    /// <summary>The variable of etcdctl.</summary>
    public string? Variable { get; init; }

    /// <summary>One sentence without default, limits and variable, which are added to it.</summary>
    public required string Help { get; init; }

    /// <summary>What the help shows for the value: the name of the value's form, where there is nothing better.</summary>
    public string Placeholder { get => field ?? FormName; init; }

    /// <summary>Where the default is no value that could be written.</summary>
    public string? DefaultInWords { get; init; }

    /// <summary>Never printed, neither in an error nor by check-config.</summary>
    public bool IsSecret { get; init; }

    /// <summary>Its flag is meant for all clusters of the file. Others are refused beside a file with several clusters.</summary>
    public bool IsForAllClusters { get; init; }

    /// <summary>An option of the verb <c>check</c>: other verbs refuse it.</summary>
    public bool IsOfCheck { get; init; }

    /// <summary>Another setting that, given in a source that counts more, is meant instead of this one and not beside it.</summary>
    public Setting? GivesWayTo { get; init; }

    /// <summary>A changed file acts at the next reload; flags and variables stay what they were when the process started.</summary>
    public bool IsReloadable => Path is not null;

    /// <summary>The mapping of the file that holds it: <c>probe</c>; empty: the cluster itself.</summary>
    public string Section => Path is { } path && path.LastIndexOf('.') is >= 0 and var dot ? path[..dot] : "";

    /// <summary>Its key in that mapping.</summary>
    public string Key => Path?[(Section.Length == 0 ? 0 : Section.Length + 1)..] ?? "";

    /// <summary>A flag that needs no value: given alone, it means true.</summary>
    public virtual bool IsSwitch => false;

    public virtual bool IsRepeatable => false;

    protected abstract string FormName { get; }

    /// <summary>As it would be written; null: there is none.</summary>
    public abstract string? DefaultText { get; }

    /// <summary>Which values are allowed, for people; null: all that can be written.</summary>
    public virtual string? LimitText => null;

    /// <summary>
    /// From the values of the flag, one for each time it was given, or from the one of the variable. Null when they were refused, which is
    /// then a finding.
    /// </summary>
    public abstract Written? FromCommandLine(IReadOnlyList<string> texts, Origin origin, Findings findings);

    /// <summary>Null when the section is silent about it or says something that was refused, which is then a finding.</summary>
    public abstract Written? FromFile(YamlSection section, Findings findings);

    /// <summary>What is in force when two sources speak.</summary>
    public virtual Written Over(Written upper, Written lower) => upper;
}

/// <typeparam name="TOwner">The part of the configuration that it is a setting of.</typeparam>
internal abstract class Setting<TOwner> : Setting
{
    /// <summary>Puts what the merged draft says into the configuration, or the reasons why not into the findings.</summary>
    public abstract TOwner Apply(TOwner owner, Draft draft, NamedFiles files, Findings findings);

    /// <summary>Key and value as lines of YAML, secrets hidden; a comment where it has no place in the file; none: it is not set.</summary>
    public abstract IEnumerable<string> Lines(TOwner owner);
}

/// <summary>A setting with a single value. Getter and setter are lambdas: reflection would not survive trimming.</summary>
internal abstract class Setting<TOwner, T> : Setting<TOwner>
{
    public required ValueForm<T> Form { get; init; }

    public required T Default { get; init; }

    /// <summary>Asked only about the value that is in force.</summary>
    public Limit<T>? Limit { get; init; }

    /// <summary>A null is a setting that is not set.</summary>
    public required Func<TOwner, T> Get { get; init; }

    public required Func<TOwner, T, TOwner> Set { get; init; }

    public override bool IsSwitch => Form.IsSwitch;

    protected override string FormName => Form.Name;

    public override string? DefaultText => Default is null ? null : Form.Print(Default);

    public override string? LimitText => Limit?.Text;

    public Written<T>? In(Draft draft) => (Written<T>?)draft[this];

    public override Written? FromCommandLine(IReadOnlyList<string> texts, Origin origin, Findings findings) =>
        findings.Read(Shown(new Written<string>(texts[^1], origin, texts[^1])), Form.Parse);

    public override Written? FromFile(YamlSection section, Findings findings) =>
        section.Text(Key) is { } written && findings.Read(Shown(written), Form.ParseInFile) is { } read
            ? read with { Value = Form.RelativeTo(written.Origin.File, read.Value) }
            : null;

    public override TOwner Apply(TOwner owner, Draft draft, NamedFiles files, Findings findings)
    {
        if (In(draft) is not { } written)
        {
            return owner;
        }

        if (Limit?.Objection(written.Value) is { } objection)
        {
            findings.Refuse(written.Error(objection));
        }

        Form.Inspect(files, written);
        return Set(owner, written.Value);
    }

    public override IEnumerable<string> Lines(TOwner owner)
    {
        if (Get(owner) is { } value)
        {
            var text = IsSecret ? QuotedText.Of(EffectiveConfiguration.Secret) : Path is null ? Form.Print(value) : Form.InFile(value);
            yield return Path is null ? $"# {Flag}={text}" : $"{Key}: {text}";
        }
    }

    private Written<string> Shown(Written<string> written) =>
        IsSecret ? written with { Text = null } : Form.MayHoldUserInfo ? written.WithoutUserInfo() : written;
}

/// <summary>A setting of each cluster.</summary>
internal sealed class ClusterSetting<T> : Setting<ClusterConfiguration, T>;

/// <summary>A setting of the whole process.</summary>
internal sealed class ExporterSetting<T> : Setting<ExporterConfiguration, T>;
