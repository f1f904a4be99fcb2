namespace EtcdProbeExporter.Probing.Links;

/// <summary>
/// When a silent endpoint is tried on a fresh connection: at once, after 1 s, 2 s, 4 s and so on up to 30 s, so that a frozen member is not
/// hammered; and at once whenever its name leads elsewhere. Used by one loop; no clock of its own.
/// </summary>
internal sealed class SilenceBackoff
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private TimeSpan _pause;
    private TimeSpan _notBefore = TimeSpan.MinValue;
    private string? _addresses;

    /// <summary>Something was heard.</summary>
    public void Reset() => (_pause, _notBefore) = (TimeSpan.Zero, TimeSpan.MinValue);

    /// <summary>Whether to try now; yes counts as a try.</summary>
    /// <param name="now">On a monotonic clock.</param>
    /// <param name="addresses">Where the name leads.</param>
    public bool MayTry(TimeSpan now, string addresses)
    {
        var moved = _addresses is not null && addresses.Length > 0 && addresses != _addresses;
        _addresses = addresses.Length > 0 ? addresses : _addresses;
        if (moved)
        {
            _pause = TimeSpan.Zero;
        }
        else if (now < _notBefore)
        {
            return false;
        }

        _pause = _pause == TimeSpan.Zero ? First : _pause * 2 < Longest ? _pause * 2 : Longest;
        _notBefore = now + _pause;
        return true;
    }
}
