using EtcdProbeExporter.Consensus;
using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Probing.Endpoints;

namespace EtcdProbeExporter.Monitoring;

/// <summary>
/// The verdict on one endpoint and what the next one needs of it: a fold over rounds, pure. What a single moment cannot show is not said
/// before it can: a hang whose place is not known yet leaves the state as it was, for a while (<see cref="PatienceFor"/>).
/// </summary>
internal sealed record EndpointPast
{
    /// <summary>Two further looks at the member, or one answer of its metrics.</summary>
    public static readonly TimeSpan LongestPatience = TimeSpan.FromSeconds(3);

    /// <summary>A state that comes and goes more often helps nobody: <c>slow</c> is entered once in that time at most.</summary>
    public static readonly TimeSpan SlowAtMostEvery = TimeSpan.FromMinutes(1);

    public static readonly EndpointPast None = new();

    public EndpointState State { get; init; } = EndpointState.Unknown;

    /// <summary>Where it hangs; null: it does not.</summary>
    public StallSite? Stall => State is EndpointState.WriteStalled or EndpointState.ApplyStalled or EndpointState.Defragmenting ? Site ?? StallSite.Unclear : null;

    /// <summary>Where it hangs, once that is known.</summary>
    private StallSite? Site { get; init; }

    /// <summary>What it says of itself once more would help.</summary>
    public bool WantsLook { get; init; }

    /// <summary>Its own metrics would help.</summary>
    public bool WantsWitness { get; init; }

    public MemberProgress? Progress { get; init; }

    /// <summary>Since when something hangs here and it is not known where.</summary>
    private TimeSpan? SuspectedSince { get; init; }

    /// <summary>The hang that lasts, as it began.</summary>
    private Hang? Hanging { get; init; }

    private TimeSpan? SlowEntered { get; init; }

    /// <summary>Slots that were lost before have another explanation: a state that said so, or an election.</summary>
    private TimeSpan SlotsCountFrom { get; init; }

    /// <summary>Events that were due before went missing while more than the watch was wrong.</summary>
    private TimeSpan EventsCountFrom { get; init; }

    /// <summary>
    /// How long a hang may go unsaid because its place is not known yet. A hang is to be reported within the timeout, two intervals and a second of
    /// its beginning: one interval may pass before a probe meets it, and rounds are up to a second apart. Where the timeout is short, indexes
    /// must have stood still for long enough to mean anything.
    /// </summary>
    public static TimeSpan PatienceFor(TimeSpan interval, TimeSpan timeout)
    {
        var needed = StallEvidence.Still + TimeSpan.FromSeconds(0.5) - timeout;
        return TimeSpan.FromTicks(Math.Min(LongestPatience.Ticks, Math.Max(interval.Ticks, needed.Ticks)));
    }

    /// <param name="patience">See <see cref="PatienceFor"/>.</param>
    /// <param name="endpoint">What probes brought.</param>
    /// <param name="evidence">The same as verdicts on operations.</param>
    /// <param name="progress">How far the member is now.</param>
    /// <param name="known">How far the members of the cluster are, this one or not.</param>
    /// <param name="now">On the monotonic clock.</param>
    public EndpointPast After(
        TimeSpan patience, EndpointSnapshot endpoint, EndpointEvidence evidence, MemberProgress? progress, IReadOnlyList<MemberProgress> known, TimeSpan now)
    {
        var hang = Hang.Of(endpoint) is { } found ? Hanging ?? found : null;
        var stall = hang is null ? null : StallEvidence.Of(endpoint, hang, progress, [.. known.Where(o => o.MemberId != progress?.MemberId)], now);
        var suspected = stall is { IsUndecided: true } && Site is null ? SuspectedSince ?? now : (TimeSpan?)null;
        var site = SiteOf(endpoint, evidence, stall, hang is not null && State != EndpointState.Slow && hang.HasLasted(endpoint, patience, now));
        if (site is null && suspected is { } first && now - first >= patience)
        {
            site = Hang.InStatus(endpoint) ? StallSite.Backend : StallSite.Unclear;
        }

        // Calls that were still under way when it answered again, on a connection that was given up, say nothing of it now.
        var counted = State is EndpointState.Unresponsive or EndpointState.Unreachable or EndpointState.TlsError ? now : SlotsCountFrom;
        var count = progress?.Term > Progress?.Term && progress.TermSince > counted ? progress.TermSince : counted;
        var slow = State == EndpointState.Slow ? LostSlots.Any(endpoint, count) : hang is null && MayBecomeSlow(now) && LostSlots.Enough(endpoint, count);
        var open = suspected is not null && site is null;
        var state = EndpointStates.Of(evidence with
        {
            Stall = site ?? (open ? StallSite.Unclear : null),
            IsSlow = slow,
            IsWatchSilent = LostSlots.InWatch(endpoint, EventsCountFrom),
        });
        var stalled = state is EndpointState.WriteStalled or EndpointState.ApplyStalled or EndpointState.Defragmenting;
        if (open && stalled && IsUsable(State))
        {
            state = State;
        }

        return this with
        {
            State = state,
            Site = stalled ? site : null,
            WantsLook = stalled && stall is { IsUndecided: true, WantsWitness: false },
            WantsWitness = stalled && stall is { WantsWitness: true },
            Progress = progress,
            SuspectedSince = suspected,
            Hanging = hang,
            SlowEntered = state == EndpointState.Slow && State != EndpointState.Slow ? now : SlowEntered,
            SlotsCountFrom = IsUsable(state) || site == StallSite.Unclear ? count : now,
            EventsCountFrom = IsUsable(state) && hang is null ? EventsCountFrom : now,
        };
    }

    // Once known it stays known while the hang lasts: between two samples a member that crawls looks now like this and now like that.
    // One that crawls so slowly that no put ends in time is no slow one, wherever it hangs; one that was slow already has ten slots to show more.
    private StallSite? SiteOf(EndpointSnapshot endpoint, EndpointEvidence evidence, StallEvidence? stall, bool lasts)
    {
        if (evidence.Put?.Failure == FailureReason.TooManyRequests || evidence.Get?.Failure == FailureReason.TooManyRequests)
        {
            return StallSite.Apply; // applying is thousands of entries behind, by its own word
        }

        return stall is null ? null : stall.Site ?? Site ?? (!stall.IsUndecided && (lasts || Hang.IsComplete(endpoint)) ? StallSite.Unclear : null);
    }

    private bool MayBecomeSlow(TimeSpan now) => SlowEntered is not { } entered || now - entered >= SlowAtMostEvery;

    private static bool IsUsable(EndpointState state) => state is EndpointState.Healthy or EndpointState.Slow or EndpointState.WatchStalled;
}
