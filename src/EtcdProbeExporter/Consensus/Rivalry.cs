namespace EtcdProbeExporter.Consensus;

/// <summary>Two members that surely claimed leadership at one instant and both still do.</summary>
internal sealed class Rivalry(ClaimSpan a, ClaimSpan b, TimeSpan since)
{
    private readonly int _risesOfA = a.CommitRises;
    private readonly int _risesOfB = b.CommitRises;
    private int _seenRisesOfA = a.CommitRises;
    private int _seenRisesOfB = b.CommitRises;
    private ClaimSpan? _lastToRise;
    private TimeSpan? _sameTermSince;

    public ClaimSpan A { get; } = a;

    public ClaimSpan B { get; } = b;

    public TimeSpan Since { get; } = since;

    public bool SameTerm => A.Term == B.Term;

    public ulong Term => Math.Max(A.Term, B.Term);

    /// <summary>The claimant with the higher term; of equal terms, <see cref="B"/>.</summary>
    public ClaimSpan Higher => A.Term > B.Term ? A : B;

    /// <summary>How long both have shown the same term without a break.</summary>
    public TimeSpan SameTermFor(TimeSpan now) => _sameTermSince is { } start ? now - start : TimeSpan.Zero;

    /// <summary>How often the commit index of one of the two rose since the rivalry began.</summary>
    public int CommitRisesOf(ClaimSpan span) => span == A ? A.CommitRises - _risesOfA : B.CommitRises - _risesOfB;

    /// <summary>How often the right to say "I have committed" went from one to the other while both showed the same term.</summary>
    public int Turns { get; private set; }

    /// <summary>Looks at the newest samples of both.</summary>
    public void Observe(TimeSpan now)
    {
        _sameTermSince = SameTerm ? _sameTermSince ?? now : null;
        if (!SameTerm)
        {
            Turns = 0;
        }

        Turn(A, ref _seenRisesOfA);
        Turn(B, ref _seenRisesOfB);
    }

    private void Turn(ClaimSpan span, ref int seen)
    {
        if (span.CommitRises > seen && _lastToRise != span)
        {
            _lastToRise = span;
            Turns++;
        }

        seen = span.CommitRises;
    }
}
