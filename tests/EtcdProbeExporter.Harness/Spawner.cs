using System.Collections.Concurrent;
using System.Diagnostics;

namespace EtcdProbeExporter.Harness;

/// <summary>
/// Starts child processes that die with the test process, however that ends (a hang dump's SIGKILL runs no handler). The kernel sends the
/// parent-death signal when the thread that forked ends, not the process (prctl(2), PR_SET_PDEATHSIG), and threads of the pool come and go:
/// so one thread that lives as long as the test run forks them all.
/// </summary>
internal static class Spawner
{
    private static readonly BlockingCollection<Action> Requests = Begin();

    private static readonly string? Setpriv = Tools.Find("setpriv");

    private static readonly string? Setsid = Tools.Find("setsid");

    /// <summary>
    /// What to run instead of a program so that it dies with its parent and has a session of its own: a Ctrl-C or the end of a tracer never
    /// takes it along. Both tools replace themselves by what they run, so the process id is the program's.
    /// </summary>
    public static IEnumerable<string> Wrap(string file) =>
        [.. Setpriv is null ? (string[])[] : [Setpriv, "--pdeathsig", "KILL"], .. Setsid is null ? (string[])[] : [Setsid], file];

    public static void Start(Process process)
    {
        var done = new TaskCompletionSource();
        Requests.Add(() =>
        {
            try
            {
                process.Start();
                done.SetResult();
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        });
        done.Task.GetAwaiter().GetResult();
    }

    private static BlockingCollection<Action> Begin()
    {
        var requests = new BlockingCollection<Action>();
        var thread = new Thread(() =>
        {
            foreach (var request in requests.GetConsumingEnumerable())
            {
                request();
            }
        })
        { IsBackground = true, Name = "spawner" };
        thread.Start();
        return requests;
    }
}
