using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace EtcdProbeExporter.Configuration;

/// <summary>
/// Takes repeated keys out of the event stream and reports them. The representation model throws at the first one, which would hide all
/// other errors of the file. Also ends a file that is nested too deeply: the model is built by recursion, and no program survives the end
/// of its stack.
/// </summary>
internal sealed class DuplicateKeyFilter(IParser inner, Action<Scalar> report) : IParser
{
    /// <summary>A configuration has five levels.</summary>
    private const int DeepestLevel = 64;

    private readonly Stack<Level> _levels = new();

    public ParsingEvent? Current => inner.Current;

    public bool MoveNext()
    {
        if (!inner.MoveNext())
        {
            return false;
        }

        while (inner.Current is Scalar key && _levels.TryPeek(out var level) && level is { IsMapping: true, ExpectsKey: true } && !level.Keys.Add(key.Value))
        {
            report(key);
            SkipValue();
            if (!inner.MoveNext())
            {
                return false;
            }
        }

        Follow(inner.Current);
        return true;
    }

    private void SkipValue()
    {
        var depth = 0;
        do
        {
            if (!inner.MoveNext())
            {
                return;
            }

            depth += inner.Current?.NestingIncrease ?? 0;
        }
        while (depth > 0);
    }

    private void Follow(ParsingEvent? current)
    {
        switch (current)
        {
            case MappingEnd or SequenceEnd:
                _levels.Pop();
                break;
            case Scalar or AnchorAlias or MappingStart or SequenceStart:
                if (_levels.TryPeek(out var level))
                {
                    level.ExpectsKey = !level.ExpectsKey;
                }

                if (current is MappingStart or SequenceStart)
                {
                    if (_levels.Count == DeepestLevel)
                    {
                        throw new YamlException(current.Start, current.End, $"more than {DeepestLevel} levels of nesting");
                    }

                    _levels.Push(new Level(current is MappingStart));
                }

                break;
        }
    }

    private sealed class Level(bool isMapping)
    {
        public bool IsMapping { get; } = isMapping;

        public bool ExpectsKey { get; set; } = true;

        public HashSet<string> Keys { get; } = [];
    }
}
