using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace EtcdProbeExporter.Configuration;

/// <summary>One mapping of the file, read by known keys; everything unexpected in it becomes a finding.</summary>
internal sealed class YamlSection
{
    private readonly Dictionary<string, YamlNode> _values = [];
    private readonly Findings _findings;

    private YamlSection(YamlMappingNode node, Origin origin, IReadOnlyList<string> knownKeys, Findings findings)
    {
        _findings = findings;
        Origin = origin with { Line = node.Start.Line };
        foreach (var (key, value) in node.Children)
        {
            var name = (key as YamlScalarNode)?.Value;
            if (name is not null && knownKeys.Contains(name))
            {
                _values[name] = value;
                continue;
            }

            var nearest = name is null ? null : NearestName.Find(name, knownKeys);
            var hint = nearest is null ? $"known here: {string.Join(", ", knownKeys)}" : $"did you mean \"{nearest}\"?";
            findings.Refuse(OriginOf(name ?? "?", key).Error(null, $"unknown key; {hint}"));
        }
    }

    public Origin Origin { get; }

    /// <summary>Null when the node is empty or, with a finding, no mapping.</summary>
    public static YamlSection? Open(YamlNode? node, Origin origin, IReadOnlyList<string> knownKeys, Findings findings)
    {
        switch (node)
        {
            case null:
            case YamlScalarNode scalar when IsNull(scalar):
                return null;
            case YamlMappingNode mapping:
                return new YamlSection(mapping, origin, knownKeys, findings);
            default:
                var expected = $"expected a mapping with the keys {string.Join(", ", knownKeys)}, found {Kind(node)}";
                findings.Refuse(new Origin(origin.Key.Length == 0 ? "(file)" : origin.Key, origin.File, node.Start.Line).Error(null, expected));
                return null;
        }
    }

    public bool Has(string key) => _values.ContainsKey(key);

    public YamlSection? Section(string key, IReadOnlyList<string> knownKeys) =>
        _values.TryGetValue(key, out var node) ? Open(node, OriginOf(key, node), knownKeys, _findings) : null;

    /// <summary>The items with their paths; null when the key is absent or, with a finding, no list or empty.</summary>
    public IReadOnlyList<(YamlNode Node, Origin Origin)>? List(string key)
    {
        if (!_values.TryGetValue(key, out var node))
        {
            return null;
        }

        var origin = OriginOf(key, node);
        if (node is YamlSequenceNode { Children.Count: > 0 } list)
        {
            return
            [
                .. list.Children.Select((item, index) =>
                    (item, origin with { Key = string.Create(CultureInfo.InvariantCulture, $"{origin.Key}[{index}]"), Line = item.Start.Line })),
            ];
        }

        var problem = node is YamlSequenceNode ? "the list is empty" : $"expected a list, found {Kind(node)}";
        _findings.Refuse(origin.Error(null, problem));
        return null;
    }

    /// <summary>Null when the key is absent or, with a finding, holds no text.</summary>
    public Written<string>? Text(string key) =>
        _values.TryGetValue(key, out var node) ? Scalar(node, OriginOf(key, node), _findings) : null;

    public static Written<string>? Scalar(YamlNode node, Origin origin, Findings findings)
    {
        if (node is YamlScalarNode { Value: { } value } scalar && !IsNull(scalar))
        {
            return new Written<string>(value, origin, value);
        }

        var found = node is YamlScalarNode ? "the value is missing" : $"expected a single value, found {Kind(node)}";
        findings.Refuse(origin.Error(null, found));
        return null;
    }

    public static bool IsNull(YamlScalarNode scalar) => scalar.Style == ScalarStyle.Plain && scalar.Value is null or "" or "~" or "null";

    private Origin OriginOf(string key, YamlNode node) =>
        Origin with { Key = Origin.Key.Length == 0 ? key : $"{Origin.Key}.{key}", Line = node.Start.Line };

    private static string Kind(YamlNode node) => node switch
    {
        YamlMappingNode => "a mapping",
        YamlSequenceNode => "a list",
        YamlScalarNode scalar when IsNull(scalar) => "nothing",
        _ => "a single value",
    };
}
