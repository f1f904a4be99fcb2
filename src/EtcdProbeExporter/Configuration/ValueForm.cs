namespace EtcdProbeExporter.Configuration;

/// <summary>Reads one value; false comes with an error that says what would be right.</summary>
internal delegate bool TextParser<T>(string text, out T value, out string? error);

/// <summary>
/// How values of one kind are read from flags and variables, and printed. The name is what the help shows for a value:
/// <c>--probe.interval &lt;duration&gt;</c>.
/// </summary>
internal sealed record ValueForm<T>(string Name, TextParser<T> Parse, Func<T, string> Print)
{
    /// <summary>Where the file is read differently.</summary>
    public TextParser<T> ParseInFile { get; init; } = Parse;

    public bool IsSwitch { get; init; }

    /// <summary>URLs: what stands before an "@" may be a password.</summary>
    public bool MayHoldUserInfo { get; init; }

    /// <summary>A path of the file is relative to the file, as in Prometheus, so that the file means the same from everywhere.</summary>
    public Func<string?, T, T> RelativeTo { get; init; } = (_, value) => value;

    /// <summary>Looks into the file that the value names.</summary>
    public Action<NamedFiles, Written<T>> Inspect { get; init; } = (_, _) => { };

    /// <summary>As a YAML scalar.</summary>
    public string InFile(T value) => typeof(T) == typeof(string) ? QuotedText.WhereNeeded(Print(value)) : Print(value);
}

/// <summary>The forms that several settings share.</summary>
internal static class ValueForms
{
    public static readonly ValueForm<TimeSpan> Duration = new("duration", PrometheusDuration.TryParse!, PrometheusDuration.Format);

    public static readonly ValueForm<bool> Switch = new("true|false", GoBool, value => value ? "true" : "false")
    {
        ParseInFile = YamlBool,
        IsSwitch = true,
    };

    /// <summary>An empty flag is none, and takes a variable's or the file's value away; in the file it would be a slip.</summary>
    public static readonly ValueForm<string?> Text = new("text", EmptyIsNone, value => value ?? "") { ParseInFile = NotBlank };

    public static readonly ValueForm<string> Name = new("name", NotBlank, value => value);

    public static readonly ValueForm<string?> PemFile = Text with
    {
        Name = "file",
        RelativeTo = Resolve,
        Inspect = (files, path) => files.RequirePem(path),
    };

    public static readonly ValueForm<string?> SecretFile = PemFile with { Inspect = (files, path) => files.Require(path) };

    /// <summary>Any text, be it empty: the setting's limit judges it.</summary>
    public static ValueForm<string> AsWritten(string name) => new(
        name,
        (string text, out string value, out string? error) =>
        {
            (value, error) = (text, null);
            return true;
        },
        value => value);

    public static ValueForm<T> OneOf<T>(string name, IReadOnlyList<(string Name, T Value)> labels) => new(
        name,
        (string text, out T value, out string? error) =>
        {
            var known = labels.FirstOrDefault(label => label.Name == text);
            value = known.Value;
            error = known.Name is null ? $"expected one of {string.Join(", ", labels.Select(label => label.Name))}" : null;
            return error is null;
        },
        value => labels.First(label => EqualityComparer<T>.Default.Equals(label.Value, value)).Name);

    /// <summary>The spellings of Go's strconv.ParseBool, which etcdctl accepts.</summary>
    private static bool GoBool(string text, out bool value, out string? error)
    {
        value = text is "1" or "t" or "T" or "true" or "TRUE" or "True";
        error = value || text is "0" or "f" or "F" or "false" or "FALSE" or "False" ? null : "expected true or false";
        return error is null;
    }

    /// <summary>The spellings of YAML 1.2.</summary>
    private static bool YamlBool(string text, out bool value, out string? error)
    {
        value = text is "true" or "True" or "TRUE";
        error = value || text is "false" or "False" or "FALSE" ? null : "expected true or false";
        return error is null;
    }

    private static bool EmptyIsNone(string text, out string? value, out string? error)
    {
        (value, error) = (text.Length == 0 ? null : text, null);
        return true;
    }

    private static bool NotBlank(string text, out string value, out string? error)
    {
        (value, error) = (text, string.IsNullOrWhiteSpace(text) ? "the value is empty" : null);
        return error is null;
    }

    private static string? Resolve(string? file, string? path) =>
        path is null || file is null ? path : Path.GetFullPath(path, Path.GetDirectoryName(Path.GetFullPath(file)) ?? "/");
}

/// <summary>Which of the values that can be written are allowed.</summary>
/// <param name="Text">For people: <c>100ms to 1d</c>.</param>
/// <param name="Objection">What is wrong with a value; null: nothing.</param>
internal sealed record Limit<T>(string Text, Func<T, string?> Objection);

internal static class Limits
{
    public static Limit<TimeSpan> Between(TimeSpan least, TimeSpan most)
    {
        var (from, to) = (PrometheusDuration.Format(least), PrometheusDuration.Format(most));
        return new($"{from} to {to}", value => value < least || value > most ? $"must be between {from} and {to}" : null);
    }

    /// <summary>Zero means off.</summary>
    public static Limit<TimeSpan> OffOrBetween(TimeSpan least, TimeSpan most)
    {
        var (from, to) = (PrometheusDuration.Format(least), PrometheusDuration.Format(most));
        return new(
            $"0s (off), or {from} to {to}",
            value => value != TimeSpan.Zero && (value < least || value > most) ? $"must be 0s (off), or between {from} and {to}" : null);
    }
}
