using System.Buffers.Text;

namespace EtcdProbeExporter.Etcd;

/// <summary>
/// What a member's own metrics say of its storage at one moment; they are answered from memory, also while log, database and Status hang.
/// </summary>
/// <param name="At">When they were asked for, on the monotonic clock.</param>
/// <param name="IsDefragmenting"><c>etcd_disk_defrag_inflight</c>.</param>
/// <param name="LogSyncs"><c>etcd_disk_wal_fsync_duration_seconds_count</c>: syncs of the log that have ended.</param>
internal sealed record StorageReading(TimeSpan At, bool IsDefragmenting, double LogSyncs)
{
    /// <summary>Collects the lines that matter from an exposition in text.</summary>
    internal sealed class Reader
    {
        private bool _defragmenting;
        private double? _logSyncs;

        public void Add(ReadOnlySpan<byte> line)
        {
            _defragmenting |= Value(line, "etcd_disk_defrag_inflight "u8) > 0;
            _logSyncs = Value(line, "etcd_disk_wal_fsync_duration_seconds_count "u8) ?? _logSyncs;
        }

        /// <summary>Null: these are not the metrics of an etcd member.</summary>
        public StorageReading? Read(TimeSpan at) => _logSyncs is { } syncs ? new StorageReading(at, _defragmenting, syncs) : null;

        private static double? Value(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name) =>
            line.StartsWith(name) && Utf8Parser.TryParse(line[name.Length..], out double value, out _) ? value : null;
    }
}

/// <summary>
/// What asking a member for its storage metrics has brought: the last two readings, oldest first, and why the newest question was not
/// answered (null: it was).
/// </summary>
internal sealed record StorageSight(IReadOnlyList<StorageReading> Readings, string? Objection)
{
    public static readonly StorageSight None = new([], null);

    public StorageSight After(StorageReading reading) => new([.. Readings.TakeLast(1), reading], null);

    public StorageSight Without(string objection) => this with { Objection = objection };
}
