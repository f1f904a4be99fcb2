using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace EtcdProbeExporter.Tests.Metrics;

/// <summary>
/// A strict reader of the text format 0.0.4, for tests only: it refuses what Prometheus would let pass but no good exporter writes.
/// One file without dependencies, so that other test projects can link it.
/// </summary>
public sealed partial class ExpositionText
{
    private readonly Dictionary<string, Family> _families = new(StringComparer.Ordinal);
    private readonly HashSet<string> _series = new(StringComparer.Ordinal);
    private readonly List<Family> _order = [];
    private Family? _current;
    private string? _pendingHelp;
    private string? _pendingName;

    /// <summary>In the order of the text.</summary>
    public IReadOnlyList<Family> Families => _order;

    /// <exception cref="FormatException">The text breaks the format; the message has the line number and the line.</exception>
    public static ExpositionText Parse(string text)
    {
        var parsed = new ExpositionText();
        if (text.Length > 0 && text[^1] != '\n')
        {
            throw new FormatException("the last line does not end in a line feed");
        }

        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length - 1; i++)
        {
            try
            {
                parsed.Line(lines[i]);
            }
            catch (FormatException e)
            {
                throw new FormatException($"line {i + 1}: {e.Message}: {lines[i]}");
            }
        }

        if (parsed._pendingName is not null)
        {
            throw new FormatException($"HELP of {parsed._pendingName} is followed by no TYPE");
        }

        foreach (var family in parsed._order)
        {
            family.Check();
        }

        return parsed;
    }

    /// <summary>The value of the one sample that has this name and at least these labels; null when there is none.</summary>
    /// <exception cref="InvalidOperationException">Several samples match.</exception>
    public double? Value(string name, params (string Name, string Value)[] labels)
    {
        var matches = Samples(name).Where(sample => sample.Has(labels)).ToList();
        return matches.Count switch
        {
            0 => null,
            1 => matches[0].Value,
            _ => throw new InvalidOperationException($"{matches.Count} samples match: {string.Join(' ', matches)}"),
        };
    }

    /// <summary>All samples of exactly this name (of a histogram: with its suffix).</summary>
    public IEnumerable<Sample> Samples(string name) =>
        _order.SelectMany(family => family.Samples).Where(sample => sample.Name == name);

    private void Line(string line)
    {
        if (line.StartsWith("# HELP ", StringComparison.Ordinal))
        {
            Help(line["# HELP ".Length..]);
        }
        else if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
        {
            Type(line["# TYPE ".Length..]);
        }
        else if (line.Length == 0 || line[0] == '#')
        {
            throw new FormatException("neither metadata nor a sample");
        }
        else
        {
            AddSample(line);
        }
    }

    private void Help(string rest)
    {
        var space = rest.IndexOf(' ');
        if (space <= 0 || _pendingName is not null || _families.ContainsKey(rest[..space]))
        {
            throw new FormatException("HELP without text, doubled, or of an earlier family");
        }

        _pendingName = rest[..space];
        _pendingHelp = Unescape(rest[(space + 1)..], isLabel: false);
    }

    private void Type(string rest)
    {
        var parts = rest.Split(' ');
        if (parts is not [var name, "counter" or "gauge" or "histogram" or "summary" or "untyped"] || !MetricName().IsMatch(name))
        {
            throw new FormatException("malformed TYPE");
        }

        if (_pendingName is not null && _pendingName != name)
        {
            throw new FormatException($"TYPE follows the HELP of {_pendingName}");
        }

        _current = new Family(name, parts[1], _pendingHelp);
        if (!_families.TryAdd(name, _current))
        {
            throw new FormatException("the family occurs twice");
        }

        _order.Add(_current);
        _pendingName = _pendingHelp = null;
    }

    private void AddSample(string line)
    {
        var match = SampleLine().Match(line);
        if (!match.Success || _pendingName is not null)
        {
            throw new FormatException("malformed sample, or a sample between HELP and TYPE");
        }

        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (Match pair in LabelPair().Matches(match.Groups["labels"].Value))
        {
            if (!labels.TryAdd(pair.Groups["name"].Value, Unescape(pair.Groups["value"].Value, isLabel: true)))
            {
                throw new FormatException("a label occurs twice");
            }
        }

        var sample = new Sample(match.Groups["name"].Value, labels, Number(match.Groups["value"].Value));
        if (_current is null || !_current.Owns(sample.Name))
        {
            throw new FormatException("the sample stands outside its family's block");
        }

        if (!_series.Add(sample.Key))
        {
            throw new FormatException("the series occurs twice");
        }

        _current.Add(sample);
    }

    private static double Number(string text) => text switch
    {
        "NaN" => double.NaN,
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        _ when Decimal().IsMatch(text) => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture),
        _ => throw new FormatException($"'{text}' is not a value"),
    };

    private static string Unescape(string text, bool isLabel)
    {
        var plain = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
            {
                plain.Append(text[i]);
                continue;
            }

            i++;
            plain.Append((i < text.Length ? text[i] : '\0') switch
            {
                '\\' => '\\',
                'n' => '\n',
                '"' when isLabel => '"',
                _ => throw new FormatException("unknown escape"),
            });
        }

        return plain.ToString();
    }

    // \z, not $: the latter also matches before a final line feed. Timestamps are legal in the format and refused here.
    private const string Metric = "(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)";
    private const string Pair = @"[a-zA-Z_][a-zA-Z0-9_]*=""(?:[^""\\]|\\.)*""";

    [GeneratedRegex($@"\A{Metric}\z")]
    private static partial Regex MetricName();

    [GeneratedRegex($@"\A{Metric}(?:\{{(?<labels>{Pair}(?:,{Pair})*)\}})? (?<value>\S+)\z")]
    private static partial Regex SampleLine();

    [GeneratedRegex("""(?<name>[a-zA-Z_][a-zA-Z0-9_]*)="(?<value>(?:[^"\\]|\\.)*)",?""")]
    private static partial Regex LabelPair();

    [GeneratedRegex(@"\A[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?\z")]
    private static partial Regex Decimal();

    /// <summary>A block of the text; a summary's and a histogram's samples carry suffixes.</summary>
    public sealed class Family(string name, string type, string? help)
    {
        private readonly List<Sample> _samples = [];

        public string Name { get; } = name;

        public string Type { get; } = type;

        /// <summary>Unescaped; null when there is no HELP line.</summary>
        public string? Help { get; } = help;

        public IReadOnlyList<Sample> Samples => _samples;

        internal bool Owns(string sampleName) => Type switch
        {
            "histogram" => sampleName == Name + "_bucket" || sampleName == Name + "_sum" || sampleName == Name + "_count",
            "summary" => sampleName == Name || sampleName == Name + "_sum" || sampleName == Name + "_count",
            _ => sampleName == Name,
        };

        internal void Add(Sample sample) => _samples.Add(sample);

        internal void Check()
        {
            if (_samples.Count == 0)
            {
                throw new FormatException($"{Name} has metadata and no samples");
            }

            if (Type == "counter" && _samples.Find(sample => !(sample.Value >= 0)) is { } falling)
            {
                throw new FormatException($"{falling} is a counter");
            }

            if (Type == "histogram")
            {
                foreach (var series in _samples.GroupBy(sample => sample.KeyWithoutName("le"), StringComparer.Ordinal))
                {
                    CheckHistogram(series.Key, [.. series]);
                }
            }
        }

        private void CheckHistogram(string labels, List<Sample> samples)
        {
            var sum = samples.FindAll(sample => sample.Name == Name + "_sum");
            var count = samples.FindAll(sample => sample.Name == Name + "_count");
            if (sum.Count != 1 || count.Count != 1 || sum[0].Labels.ContainsKey("le") || count[0].Labels.ContainsKey("le"))
            {
                throw new FormatException($"{Name}{labels} needs one _sum and one _count, without le");
            }

            var last = (Bound: double.NegativeInfinity, Count: 0d);
            foreach (var bucket in samples.Where(sample => sample.Name == Name + "_bucket"))
            {
                var bound = bucket.Labels.TryGetValue("le", out var le) ? Number(le) : double.NaN;
                if (!(bound > last.Bound) || !(bucket.Value >= last.Count))
                {
                    throw new FormatException($"{bucket}: buckets ascend in le and never fall in value");
                }

                last = (bound, bucket.Value);
            }

            if (!double.IsPositiveInfinity(last.Bound) || !last.Count.Equals(count[0].Value))
            {
                throw new FormatException($"{Name}{labels}: the +Inf bucket is missing or is not the count");
            }
        }
    }

    /// <summary>One line; the labels are unescaped.</summary>
    public sealed class Sample(string name, IReadOnlyDictionary<string, string> labels, double value)
    {
        public string Name { get; } = name;

        public IReadOnlyDictionary<string, string> Labels { get; } = labels;

        public double Value { get; } = value;

        internal string Key => Name + KeyWithoutName("");

        public bool Has(params (string Name, string Value)[] labels) =>
            labels.All(label => Labels.TryGetValue(label.Name, out var value) && value == label.Value);

        public override string ToString() => $"{Key} {Value.ToString(CultureInfo.InvariantCulture)}";

        /// <summary>The labels but one, as an unambiguous text.</summary>
        internal string KeyWithoutName(string except) =>
            "{" + string.Join(',', Labels.Where(label => label.Key != except).Select(label => $"{label.Key}={Quote(label.Value)}")) + "}";

        private static string Quote(string value) =>
            $"\"{value.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
    }
}
