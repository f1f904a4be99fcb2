using System.Text;
using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Fetching;

namespace EtcdProbeExporter.Tests.Etcd;

public sealed class StorageReadingTests
{
    [Theory]
    [InlineData("etcd_disk_defrag_inflight 1\netcd_disk_wal_fsync_duration_seconds_count 1.5e+06\n", true, 1.5e6)]
    [InlineData("# TYPE etcd_disk_defrag_inflight gauge\netcd_disk_defrag_inflight 0\netcd_disk_wal_fsync_duration_seconds_count 7", false, 7)]
    [InlineData("etcd_disk_wal_fsync_duration_seconds_count 7\netcd_disk_wal_fsync_duration_seconds_sum 9\n", false, 7)]
    public async Task The_two_lines_that_matter_are_found(string text, bool defragmenting, double syncs) =>
        (await ReadAsync(text)).Should().Be(new StorageReading(TimeSpan.FromSeconds(3), defragmenting, syncs));

    [Theory]
    [InlineData("")]
    [InlineData("<html>")]
    [InlineData("etcd_disk_wal_fsync_duration_seconds_count many\n")]
    public async Task Something_else_is_no_reading(string text) => (await ReadAsync(text)).Should().BeNull();

    [Fact]
    public async Task Lines_are_whole_wherever_the_blocks_break()
    {
        var text = string.Concat(Enumerable.Range(0, 30_000).Select(i => $"line {i}\n")) + "last";
        var lines = new List<string>();
        using var body = new MemoryStream(Encoding.UTF8.GetBytes(text));

        await Lines.ReadAsync(body, line => lines.Add(Encoding.UTF8.GetString(line)), CancellationToken.None);

        lines.Should().Equal(text.Split('\n'));
    }

    [Fact]
    public async Task A_line_without_end_is_refused()
    {
        using var body = new MemoryStream(new byte[1_000_000]);

        await FluentActions.Awaiting(() => Lines.ReadAsync(body, static _ => { }, CancellationToken.None)).Should().ThrowAsync<IOException>();
    }

    private static async Task<StorageReading?> ReadAsync(string text)
    {
        var reader = new StorageReading.Reader();
        using var body = new MemoryStream(Encoding.UTF8.GetBytes(text));
        await Lines.ReadAsync(body, reader.Add, CancellationToken.None);
        return reader.Read(TimeSpan.FromSeconds(3));
    }

    [Fact]
    public void Of_lines_that_come_twice_the_last_count_counts_and_any_that_says_so_defragments()
    {
        var reader = new StorageReading.Reader();
        foreach (var line in new[] { "etcd_disk_defrag_inflight 1", "etcd_disk_wal_fsync_duration_seconds_count 7", "etcd_disk_defrag_inflight 1", "etcd_disk_wal_fsync_duration_seconds_count 8" })
        {
            reader.Add(System.Text.Encoding.UTF8.GetBytes(line));
        }

        reader.Read(TimeSpan.FromSeconds(1)).Should().Be(new StorageReading(TimeSpan.FromSeconds(1), true, 8));
    }
}
