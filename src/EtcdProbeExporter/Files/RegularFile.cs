using System.Formats.Tar;
using System.Text;

namespace EtcdProbeExporter.Files;

/// <summary>
/// Reads the files that an operator names: configuration, certificates, keys, passwords. Anything that is no regular file is refused
/// before it is opened: opening a pipe waits for a writer, for ever, and holds up this reload and every later one. Symbolic links are
/// followed, since that is what the files of a mounted Kubernetes secret are.
/// </summary>
internal static class RegularFile
{
    /// <summary>The longest of these files is a CA bundle, some 300 kB; what is longer was named by mistake.</summary>
    public const int LargestSize = 1024 * 1024;

    /// <summary>Throws <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/> with a plain text, which never holds content.</summary>
    public static string ReadAllText(string path)
    {
        var file = new FileInfo(Target(path));
        if (!file.Exists)
        {
            throw Directory.Exists(path) ? new IOException("a directory, not a regular file") : new FileNotFoundException("no such file");
        }

        // Pipes, devices and sockets have no size (stat(2)); the files of some FUSE file systems have none either, so this alone decides nothing.
        if (file.Length == 0 && !IsRegular(file.FullName))
        {
            throw new IOException("not a regular file");
        }

        using var stream = new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        var bytes = new byte[(int)Math.Min(file.Length, LargestSize) + 1]; // one more than it may have, so that the end shows in one call
        var length = 0;
        while (stream.Read(bytes, length, bytes.Length - length) is > 0 and var read)
        {
            length += read;
            if (length > LargestSize)
            {
                throw new IOException($"larger than {LargestSize / 1024} KiB");
            }

            if (length == bytes.Length)
            {
                Array.Resize(ref bytes, Math.Min(bytes.Length * 2, LargestSize + 1));
            }
        }

        using var text = new StreamReader(new MemoryStream(bytes, 0, length), Encoding.UTF8); // takes a byte order mark away
        return text.ReadToEnd();
    }

    /// <summary>Why it could not be read, for people.</summary>
    public static string Objection(Exception exception) => exception switch
    {
        FileNotFoundException or DirectoryNotFoundException => "no such file",
        UnauthorizedAccessException => "permission denied, or it is a directory",
        _ => exception.Message,
    };

    private static string Target(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new FileNotFoundException("no such file", e);
        }
    }

    // .NET tells directories and links from the rest and no more; the one part of it that looks at the type is the writer of archives.
    private static bool IsRegular(string path)
    {
        using var archive = new MemoryStream();
        using (var writer = new TarWriter(archive, TarEntryFormat.Ustar, leaveOpen: true))
        {
            try
            {
                writer.WriteEntry(path, "file");
            }
            catch (IOException)
            {
                return false; // a socket, which an archive cannot hold
            }
        }

        archive.Position = 0;
        using var reader = new TarReader(archive);
        return reader.GetNextEntry() is { EntryType: TarEntryType.RegularFile };
    }
}
