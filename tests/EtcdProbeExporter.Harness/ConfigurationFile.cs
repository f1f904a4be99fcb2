namespace EtcdProbeExporter.Harness;

/// <summary>A configuration file for one test.</summary>
internal sealed class ConfigurationFile : IAsyncDisposable
{
    public ConfigurationFile(string text)
    {
        Path = System.IO.Path.GetTempFileName();
        Write(text);
    }

    public string Path { get; }

    public void Write(string text) => File.WriteAllText(Path, text);

    public ValueTask DisposeAsync()
    {
        File.Delete(Path);
        return ValueTask.CompletedTask;
    }
}
