using System.Buffers;

namespace EtcdProbeExporter.Fetching;

/// <summary>The lines of a member's answer, one after the other, in a block of fixed size whatever the member sends.</summary>
internal static class Lines
{
    private const int BlockSize = 64 * 1024;

    /// <param name="body">The answer.</param>
    /// <param name="take">Gets each line, without its end.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="IOException">The member broke off, or says more than a member's metrics hold.</exception>
    public static async Task ReadAsync(Stream body, Action<ReadOnlySpan<byte>> take, CancellationToken cancellationToken)
    {
        var block = ArrayPool<byte>.Shared.Rent(BlockSize);
        try
        {
            var (kept, total) = (0, 0L);
            int read;
            while ((read = await body.ReadAsync(block.AsMemory(kept, BlockSize - kept), cancellationToken)) > 0)
            {
                total += read;
                kept = Take(block.AsSpan(0, kept + read), take);
                if (kept == BlockSize || total > MemberFetch.LargestBody)
                {
                    throw new IOException("it sends more than metrics");
                }
            }

            take(block.AsSpan(0, kept));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    /// <summary>Moves what is behind the last line's end to the front. Returns how much that is.</summary>
    private static int Take(Span<byte> block, Action<ReadOnlySpan<byte>> take)
    {
        var rest = block;
        for (int end; (end = rest.IndexOf((byte)'\n')) >= 0; rest = rest[(end + 1)..])
        {
            take(rest[..end]);
        }

        rest.CopyTo(block);
        return rest.Length;
    }
}
