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
            Failed(e); // .NET tells EBADF as an access that was denied
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
