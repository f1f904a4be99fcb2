using EtcdProbeExporter.Consensus;

namespace EtcdProbeExporter.Tests.Consensus;

public sealed class RestorationTests
{
    [Theory]
    [InlineData(270, 36, 234, "term 7 → 2, revision 270 → 36, at least 234 revisions lost")]
    [InlineData(270, 269, 1, "term 7 → 2, revision 270 → 269, at least 1 revisions lost")]
    [InlineData(270, 270, null, "term 7 → 2, revision 270 → 270")]
    [InlineData(270, 1_000_000_036, null, "term 7 → 2, revision 270 → 1000000036")]
    public void It_says_what_is_lost_where_revisions_tell(long before, long after, int? lost, string text)
    {
        var restoration = new Restoration(7, 2, before, after);

        restoration.Lost.Should().Be(lost);
        restoration.ToString().Should().Be(text);
    }
}
