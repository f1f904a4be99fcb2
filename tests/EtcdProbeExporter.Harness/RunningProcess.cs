using System.Diagnostics;
using System.Text;

namespace EtcdProbeExporter.Harness;

/// <summary>A child process with its output, that does not outlive the test run.</summary>
internal sealed class RunningProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();

    private RunningProcess(Process process)
    {
        _process = process;
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    public string Output => Read(_output);

    public string Errors => Read(_errors);

    public static RunningProcess Start(string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var command = Spawner.Wrap(file).Concat(arguments).ToList();
        var info = new ProcessStartInfo(command[0]) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var argument in command.Skip(1))
        {
            info.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            info.Environment[name] = value;
        }

        var process = new Process { StartInfo = info };
        var running = new RunningProcess(process);
        process.OutputDataReceived += (_, line) => Append(running._output, line.Data);
        process.ErrorDataReceived += (_, line) => Append(running._errors, line.Data);
        Spawner.Start(process);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => running.Kill();
        return running;
    }

    /// <summary>Runs a tool to its end and returns what it printed; throws when it fails or takes longer than two minutes: promtool runs all rules for 20 s of CPU.</summary>
    public static async Task<string> RunAsync(string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        await using var process = Start(file, arguments, environment);
        await process.WaitAsync(TimeSpan.FromMinutes(2));
        return process.ExitCode == 0
            ? process.Output
            : throw new InvalidOperationException($"{file} {string.Join(' ', arguments)} ended with {process.ExitCode}: {process.Output}{process.Errors}");
    }

    public async Task WaitAsync(TimeSpan deadline)
    {
        using var limit = new CancellationTokenSource(deadline);
        await _process.WaitForExitAsync(limit.Token);
    }

    /// <summary>Sends a signal by name, as kill(1) does: STOP, CONT, TERM, INT, HUP.</summary>
    public Task SignalAsync(string signal) => RunAsync("kill", [$"-{signal}", Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);

    public void Kill()
    {
        try
        {
            _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // it has exited already
        }
    }

    public async ValueTask DisposeAsync()
    {
        Kill();
        await WaitAsync(TimeSpan.FromSeconds(10));
        _process.Dispose();
    }

    private static void Append(StringBuilder text, string? line)
    {
        if (line is not null)
        {
            lock (text)
            {
                text.AppendLine(line);
            }
        }
    }

    private static string Read(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }
}
