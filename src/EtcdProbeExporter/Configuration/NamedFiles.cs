using EtcdProbeExporter.Files;

namespace EtcdProbeExporter.Configuration;

/// <summary>Reads files that a setting names; a failure is a finding at that setting and never shows content.</summary>
internal sealed class NamedFiles(Func<string, string> read, Findings findings)
{
    public string? Read(Written<string?> path)
    {
        try
        {
            return read(path.Value!);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            // A relative path of the file was resolved: say where it was looked for.
            var resolved = path.Text == path.Value ? "" : $" {path.Value}";
            findings.Refuse(path.Error(exception is FileNotFoundException or DirectoryNotFoundException
                ? $"{RegularFile.Objection(exception)}{resolved}"
                : $"the file cannot be read: {RegularFile.Objection(exception)}"));
            return null;
        }
    }

    /// <summary>Certificates and keys are PEM, the only form that etcd's own tools read.</summary>
    public void RequirePem(Written<string?> path)
    {
        if (path is { Value: not null } && Read(path) is { } content && !content.Contains("-----BEGIN ", StringComparison.Ordinal))
        {
            findings.Refuse(path.Error("the file holds no PEM block"));
        }
    }

    /// <summary>Also refuses a file in which nothing stands.</summary>
    public void Require(Written<string?> path)
    {
        if (path is { Value: not null } && Read(path) is { } content && string.IsNullOrWhiteSpace(content))
        {
            findings.Refuse(path.Error("the file is empty"));
        }
    }
}
