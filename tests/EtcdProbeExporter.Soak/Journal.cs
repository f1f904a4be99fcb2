using System.Globalization;

namespace EtcdProbeExporter.Soak;

/// <summary>Prints what happens, line by line with the time, and keeps what must not have happened.</summary>
internal sealed class Journal
{
    private readonly Lock _lock = new();
    private readonly List<string> _problems = [];

    public IReadOnlyList<string> Problems
    {
        get
        {
            lock (_lock)
            {
                return [.. _problems];
            }
        }
    }

    public void Say(string line)
    {
        lock (_lock)
        {
            Console.WriteLine(Timed(line));
        }
    }

    public void Problem(string what)
    {
        lock (_lock)
        {
            _problems.Add(Timed(what));
            Console.WriteLine(Timed("PROBLEM: " + what));
        }
    }

    private static string Timed(string line) => DateTime.UtcNow.ToString("HH:mm:ss", CultureInfo.InvariantCulture) + "  " + line;
}
