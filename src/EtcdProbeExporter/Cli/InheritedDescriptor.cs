using System.Globalization;

namespace EtcdProbeExporter.Cli;

/// <summary>
/// Whether descriptor 1 or 2 is the standard output or error that the process was given. Where it was given none (<c>2>&amp;-</c>), the
/// number goes to the first thing that the runtime opens, and text written there ends up in somebody's socket. The two are told apart by
/// O_CLOEXEC: whatever came through exec(2) does not have it, and all that the runtime opens has it. Pure.
/// </summary>
internal static class InheritedDescriptor
{
    private const long AccessMode = 3; // O_RDONLY 0, O_WRONLY 1, O_RDWR 2; fcntl.h, the same on every architecture
    private const long CloseOnExec = 0x80000; // 02000000, on every architecture that .NET has on Linux

    /// <param name="info">The text of <c>/proc/self/fdinfo/N</c> (proc_pid_fdinfo(5)).</param>
    public static bool IsWritable(string info)
    {
        var flags = info.Split('\n').FirstOrDefault(line => line.StartsWith("flags:", StringComparison.Ordinal))?["flags:".Length..].Trim();
        if (flags is not { Length: > 0 } || !flags.All(c => c is >= '0' and <= '7'))
        {
            return true; // a kernel that says nothing: as everybody else does
        }

        var bits = flags.Aggregate(0L, (value, digit) => unchecked((value * 8) + CharUnicodeInfo.GetDecimalDigitValue(digit)));
        return (bits & AccessMode) != 0 && (bits & CloseOnExec) == 0;
    }
}
