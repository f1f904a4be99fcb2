using System.Text.RegularExpressions;

namespace EtcdProbeExporter.Harness;

/// <summary>What a traced program did to files after it had been started: the lines of strace behind the last execve that succeeded.</summary>
internal static partial class FileTrace
{
    /// <summary>
    /// Each call that could have changed a file system: opened for writing, created, removed, renamed, linked. The name of a thread is set by
    /// writing to the process's own entry in /proc, which is no file.
    /// </summary>
    public static async Task<IReadOnlyList<string>> ChangesAsync(string file)
    {
        var lines = await File.ReadAllLinesAsync(file);
        var start = Array.FindLastIndex(lines, l => l.Contains("execve(", StringComparison.Ordinal) && l.EndsWith("= 0", StringComparison.Ordinal));
        return start < 0
            ? throw new InvalidOperationException("nothing was traced")
            : [.. lines[(start + 1)..].Where(l => Changing().IsMatch(l) && !NoFile().IsMatch(l))];
    }

    [GeneratedRegex(@"O_WRONLY|O_RDWR|O_CREAT|\b(creat|mkdir|mkdirat|mknod|mknodat|unlink|unlinkat|rmdir|rename|renameat|renameat2|link|linkat|symlink|symlinkat|truncate|chmod|fchmodat|chown|lchown|fchownat|utimensat|setxattr)\(")]
    private static partial Regex Changing();

    [GeneratedRegex(@"""(/dev/null|/proc/self/task/\d+/comm)""")]
    private static partial Regex NoFile();
}
