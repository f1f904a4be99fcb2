using System.Globalization;
using System.Text.RegularExpressions;
using EtcdProbeExporter.Tests;

namespace EtcdProbeExporter.Harness;

/// <summary>
/// The published program as the image and the manifests run it, without a container engine: a root file system of its own that is read-only
/// throughout, no place that could be written, no /tmp, no HOME, the unprivileged user of the image, no capabilities, the image's
/// environment and entry point (read from the Dockerfile), the manifest's arguments, its files under /config and /tls, and a working
/// directory that the program may not enter. Needs root.
/// </summary>
internal sealed partial class ShippedContainer : IAsyncDisposable
{
    private const string User = "1654"; // runAsUser in deploy/kubernetes/deployment.yaml, APP_UID of the base image

    // $1 the new root, $2 the published program, $3 configuration, $4 secrets, $5 .NET, then the program and its arguments
    private const string Script = """
        set -e
        root=$1 app=$2 config=$3 secrets=$4 dotnet=$5; shift 5
        mount --make-rprivate /
        mount -t tmpfs -o mode=755 tmpfs "$root"
        mkdir -p "$root/proc" "$root/dev" "$root/app" "$root/config" "$root/tls" "$root/hidden" "$root/tmp" "$root$dotnet"
        chmod 700 "$root/hidden"
        mount -t proc proc "$root/proc"
        for device in null zero random urandom full; do touch "$root/dev/$device"; mount --bind "/dev/$device" "$root/dev/$device"; done
        for folder in usr bin sbin lib lib64 etc; do
          if [ -L "/$folder" ]; then cp -P "/$folder" "$root/$folder"; elif [ -d "/$folder" ]; then mkdir -p "$root/$folder"; mount --bind "/$folder" "$root/$folder"; mount -o remount,bind,ro "$root/$folder"; fi
        done
        for pair in "$dotnet:$dotnet" "$app:/app" "$config:/config" "$secrets:/tls"; do
          mount --bind "${pair%%:*}" "$root${pair##*:}"; mount -o remount,bind,ro "$root${pair##*:}"
        done
        mount -o remount,ro "$root"
        for place in / /app /tmp /config /tls /dev; do if touch "$root$place/.writable" 2>/dev/null; then echo "$place can be written" >&2; exit 99; fi; done
        exec chroot "$root" /bin/sh -c 'user=$1; shift; cd /hidden; exec setpriv --reuid="$user" --regid="$user" --clear-groups --no-new-privs --inh-caps=-all --bounding-set=-all -- "$@"' sh "$@"
        """;

    private static readonly Lazy<Task<string>> Published = new(PublishAsync);
    private static int _next;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("etcd-probe-shipped-");

    private ShippedContainer(string program)
    {
        Program = program;
        Root = _folder.CreateSubdirectory("root").FullName;
        Config = _folder.CreateSubdirectory("config").FullName;
        Secrets = _folder.CreateSubdirectory("tls").FullName;
    }

    /// <summary>What is mounted at /config and /tls; may be changed from outside while it runs, as kubelet does.</summary>
    public string Config { get; }

    public string Secrets { get; }

    private string Program { get; }

    private string Root { get; }

    public static async Task<ShippedContainer> CreateAsync()
    {
        var container = new ShippedContainer(await Published.Value);
        await RunningProcess.RunAsync("chmod", ["-R", "a+rX", container._folder.FullName]); // the test's own umask is not the image's
        return container;
    }

    /// <summary>Starts the program with these arguments, under a tracer that writes system calls to a file where one is named.</summary>
    public RunningProcess Start(IEnumerable<string> arguments, string? traceTo = null)
    {
        var root = Path.Combine(Root, Interlocked.Increment(ref _next).ToString(CultureInfo.InvariantCulture));
        Directory.CreateDirectory(root);
        string[] command =
        [
            "unshare", "-m", "sh", "-c", Script, "sh", root, Program, Config, Secrets, Dotnet,
            User, "env", "-i", $"PATH={Dotnet}:/usr/bin:/bin", .. ImageEnvironment(), .. EntryPoint(), .. arguments,
        ];
        string[] tracer = traceTo is null
            ? []
            : ["strace", "-f", "-qq", "--seccomp-bpf", "-e", "trace=%file,execve,memfd_create", "-o", traceTo];
        string[] all = [.. tracer, .. command];
        return RunningProcess.Start(Tools.Find(all[0])!, all[1..]);
    }

    public async Task<(int ExitCode, string Output, string Errors)> RunAsync(IEnumerable<string> arguments, string? traceTo = null)
    {
        await using var process = Start(arguments, traceTo);
        await process.WaitAsync(TimeSpan.FromSeconds(60));
        return (process.ExitCode, process.Output, process.Errors);
    }

    /// <summary>SIGTERM to the program that a tracer started, and waits for the end of both.</summary>
    public static async Task StopTracedAsync(RunningProcess tracer)
    {
        var id = tracer.Id.ToString(CultureInfo.InvariantCulture);
        var child = (await File.ReadAllTextAsync($"/proc/{id}/task/{id}/children")).Trim();
        await RunningProcess.RunAsync("kill", ["-TERM", child]);
        await tracer.WaitAsync(TimeSpan.FromSeconds(20));
    }

    public ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>The folder of the dotnet program, which carries the runtime.</summary>
    private static string Dotnet => Path.GetDirectoryName(new FileInfo(Tools.Find("dotnet")!).ResolveLinkTarget(true)?.FullName ?? Tools.Find("dotnet")!)!;

    private static string Dockerfile => File.ReadAllText(Path.Combine(Repository.Root, "Dockerfile"));

    private static IEnumerable<string> ImageEnvironment() => EnvironmentLine().Matches(Dockerfile).Select(m => m.Groups[1].Value);

    private static IEnumerable<string> EntryPoint() => QuotedWord().Matches(EntryPointLine().Match(Dockerfile).Groups[1].Value)
        .Select(m => m.Groups[1].Value)
        .Select(word => word.EndsWith(".dll", StringComparison.Ordinal) ? "/app/" + word : word); // the working directory is another here

    private static async Task<string> PublishAsync()
    {
        var folder = Directory.CreateTempSubdirectory("etcd-probe-published-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        await using var publish = RunningProcess.Start(
            "dotnet",
            [
                "publish", Path.Combine(Repository.Root, "src/EtcdProbeExporter"), "--configuration", "Release", "--no-restore",
                "--output", folder, "-p:UseAppHost=false", "-v", "quiet",
            ]);
        await publish.WaitAsync(TimeSpan.FromMinutes(3));
        if (publish.ExitCode != 0)
        {
            throw new InvalidOperationException($"publish failed: {publish.Output}{publish.Errors}");
        }

        await RunningProcess.RunAsync("chmod", ["-R", "a+rX", folder]);
        return folder;
    }

    [GeneratedRegex(@"^ENV (\S+=\S+)$", RegexOptions.Multiline)]
    private static partial Regex EnvironmentLine();

    [GeneratedRegex(@"^ENTRYPOINT \[(.*)\]$", RegexOptions.Multiline)]
    private static partial Regex EntryPointLine();

    [GeneratedRegex("\"([^\"]+)\"")]
    private static partial Regex QuotedWord();
}
