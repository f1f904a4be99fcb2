namespace EtcdProbeExporter.Campaign.Truth;

/// <summary>Whether a member can take part in a quorum.</summary>
internal enum Part
{
    Takes,
    TakesNone,

    /// <summary>Not known, or in dispute: both are right.</summary>
    Either,
}

/// <summary>
/// What the injector did to one endpoint, or to all that are affected in the same way: from when to when, and which states are right
/// meanwhile. <c>From</c> to <c>Confirmed</c> it sets in, <c>Ending</c> to <c>To</c> it passes.
/// </summary>
/// <param name="Fault">Its name.</param>
/// <param name="Endpoint">host:port.</param>
/// <param name="States">The states that are right while it lasts.</param>
internal sealed record Injury(string Fault, string Endpoint, IReadOnlyList<string> States)
{
    public TimeSpan From { get; set; }

    public TimeSpan Confirmed { get; set; } = TimeSpan.MaxValue;

    public TimeSpan Ending { get; set; } = TimeSpan.MaxValue;

    public TimeSpan To { get; set; } = TimeSpan.MaxValue;

    /// <summary>What the independent client meets meanwhile is an effect of the fault, and explains no other state.</summary>
    public bool Strict { get; init; }

    /// <summary>The states must be seen, and no other; else they are only allowed beside what the independent client's own experience explains.</summary>
    public bool Demanded { get; init; } = true;

    public Part Part { get; init; } = Part.Takes;

    /// <summary>Whether its process answers anything that asks it.</summary>
    public bool Answers { get; init; } = true;

    /// <summary>Another cluster answers there.</summary>
    public bool LeadsElsewhere { get; init; }

    /// <summary>Its member has been removed.</summary>
    public bool IsNoMember { get; init; }

    /// <summary>How much longer than the bound it may take to be told as over, such as until TCP sends again what it lost.</summary>
    public TimeSpan Lag { get; init; }

    public bool Touches(TimeSpan from, TimeSpan to) => From <= to && To + Lag >= from;

    /// <summary>In force from the begin to the end of a window.</summary>
    public bool Covers(TimeSpan from, TimeSpan to) => Confirmed <= from && to <= Ending;
}
