namespace EtcdProbeExporter.Probing;

/// <summary>
/// What a successful put or linearizable get lets one demand of later reads. Times are on the monotonic clock: when the request was sent,
/// and when the answer was here.
/// </summary>
/// <param name="Key">The key that was written or read; null for a write that was never carried out (commit mode).</param>
/// <param name="ModRevision">Of a read: the revision of the key's last change, null when the key is not there.</param>
/// <param name="Sent">See above.</param>
/// <param name="Received">See above.</param>
internal sealed record KeyEvidence(string? Key, long? ModRevision, TimeSpan Sent, TimeSpan Received);
