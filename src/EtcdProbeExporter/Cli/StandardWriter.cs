using System.Globalization;
using System.Text;

namespace EtcdProbeExporter.Cli;

/// <summary>
/// Standard output or standard error. Either may be closed, a full disk or a pipe that nobody reads: what was to be printed then must end no
/// probe and change no exit code. Wrap it by <see cref="TextWriter.Synchronized"/>: many threads write to standard error.
/// </summary>
/// <param name="stream">Null: it was closed when the process began.</param>
/// <param name="mustArrive">Whether text that cannot be written is an <see cref="OutputFailedException"/> (the answer that somebody asked
/// for) or lost (what is said beside it: there is no place left to say so).</param>
internal sealed class StandardWriter(Stream? stream, bool mustArrive) : TextWriter
{
    public override Encoding Encoding { get; } = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    public override string NewLine => "\n";

    public override void Write(char value) => Write([value]);

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void Write(string? value) => Write(value.AsSpan());

    public override void WriteLine(string? value) => Write(value + "\n"); // one call, so that lines of several writers do not mix

    public override void Write(ReadOnlySpan<char> buffer)
    {
        if (stream is null)
        {
            Failed(new IOException("it is closed"));
            return;
        }

        try
        {
            var bytes = new byte[Encoding.GetByteCount(buffer)];
            Encoding.GetBytes(buffer, bytes);
            stream.Write(bytes);
            stream.Flush();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            Failed(e); // .NET reports EBADF as an access that was denied
        }
    }

    private void Failed(Exception e)
    {
        if (mustArrive)
        {
            throw new OutputFailedException((e.InnerException ?? e).Message, e);
        }
    }
}

/// <summary>What was asked for could not be printed.</summary>
internal sealed class OutputFailedException(string message, Exception inner) : IOException(message, inner);

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
