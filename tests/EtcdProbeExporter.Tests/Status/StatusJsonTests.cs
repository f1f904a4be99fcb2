using System.Text.Json;
using EtcdProbeExporter.Status;

namespace EtcdProbeExporter.Tests.Status;

public sealed class StatusJsonTests
{
    [Fact]
    public void It_says_what_the_table_says()
    {
        using var json = JsonDocument.Parse(StatusJson.Of([ClusterStatus.Of(Reported.HungLeader())]));
        var root = json.RootElement;
        var cluster = root.GetProperty("clusters")[0];
        var stalled = cluster.GetProperty("endpoints")[0];

        root.GetProperty("healthy").GetBoolean().Should().BeFalse();
        cluster.GetProperty("leader").GetProperty("name").GetString().Should().Be("m2");
        cluster.GetProperty("failure_tolerance").GetInt32().Should().Be(0);
        cluster.GetProperty("split_brain").GetProperty("verdict").GetString().Should().Be("stale_leader");
        stalled.GetProperty("state").GetString().Should().Be("write_stalled");
        stalled.GetProperty("operations").GetProperty("put").GetProperty("reason").GetString().Should().Be("timeout");
        stalled.GetProperty("operations").GetProperty("put").GetProperty("duration_seconds").GetDouble().Should().Be(5);
        stalled.GetProperty("operations").GetProperty("status").GetProperty("reason").ValueKind.Should().Be(JsonValueKind.Null);
        cluster.GetProperty("findings")[0].GetProperty("level").GetString().Should().Be("critical");
    }

    /// <summary>The schema is what people program against: every property is in it, and none is in it that never comes.</summary>
    [Fact]
    public void The_documented_schema_names_exactly_what_is_written()
    {
        using var schema = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "docs", "status.schema.json")));
        using var json = JsonDocument.Parse(StatusJson.Of([ClusterStatus.Of(Reported.HungLeader())]));

        Compare(json.RootElement, schema.RootElement, schema.RootElement, "$");
    }

    private static void Compare(JsonElement value, JsonElement schema, JsonElement root, string path)
    {
        if (schema.TryGetProperty("$ref", out var reference))
        {
            schema = root.GetProperty("$defs").GetProperty(reference.GetString()!["#/$defs/".Length..]);
        }

        var types = schema.GetProperty("type") is { ValueKind: JsonValueKind.Array } several
            ? several.EnumerateArray().Select(t => t.GetString()).ToList()
            : [schema.GetProperty("type").GetString()];
        types.Should().Contain(TypeOf(value, types), path);
        if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in value.EnumerateArray())
            {
                Compare(item, schema.GetProperty("items"), root, path + "[]");
            }
        }
        else if (value.ValueKind == JsonValueKind.Object && schema.TryGetProperty("additionalProperties", out var any) && any.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in value.EnumerateObject())
            {
                Compare(property.Value, any, root, $"{path}.{property.Name}");
            }
        }
        else if (value.ValueKind == JsonValueKind.Object)
        {
            var properties = schema.GetProperty("properties");
            value.EnumerateObject().Select(p => p.Name).Should().BeEquivalentTo(properties.EnumerateObject().Select(p => p.Name), path);
            foreach (var property in value.EnumerateObject())
            {
                Compare(property.Value, properties.GetProperty(property.Name), root, $"{path}.{property.Name}");
            }
        }
    }

    private static string TypeOf(JsonElement value, IReadOnlyList<string?> expected) => value.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => "boolean",
        JsonValueKind.Number => expected.Contains("integer") && value.TryGetInt64(out _) ? "integer" : "number",
        JsonValueKind.String => "string",
        JsonValueKind.Array => "array",
        JsonValueKind.Object => "object",
        _ => "null",
    };
}
