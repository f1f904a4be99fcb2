using System.Globalization;
using System.Text;

namespace EtcdProbeExporter.Tests.Fuzzing;

/// <summary>
/// Many random inputs from one seed: the same ones in every run. A failure names seed and case; FUZZ_SEED runs another set.
/// </summary>
internal static class Fuzz
{
    private static readonly int Seed = int.TryParse(Environment.GetEnvironmentVariable("FUZZ_SEED"), CultureInfo.InvariantCulture, out var seed) ? seed : 20261121;

    public static void Run(int cases, Action<Random> once)
    {
        for (var number = 0; number < cases; number++)
        {
            try
            {
                once(new Random(HashCode(Seed, number)));
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"FUZZ_SEED={Seed}, case {number}: {e.Message}", e);
            }
        }
    }

    /// <summary>Text of up to so many characters: of all planes, with every character that some format gives a meaning.</summary>
    public static string Text(this Random random, int longest, string special)
    {
        var text = new StringBuilder();
        for (var left = random.Next(longest + 1); left > 0; left--)
        {
            _ = random.Next(10) switch
            {
                < 4 => text.Append((char)random.Next(0x20, 0x7f)),
                < 8 => text.Append(special[random.Next(special.Length)]),
                8 => text.Append((char)random.Next(0x250)),
                _ => text.Append(new Rune(random.Next(2) == 0 ? random.Next(0xd800) : random.Next(0xe000, 0x110000))),
            };
        }

        return text.ToString();
    }

    /// <summary>The text with a few characters taken away, doubled, changed, or pieces of it and of others put elsewhere.</summary>
    public static string Mutated(this Random random, string text, string[] pieces)
    {
        for (var times = random.Next(1, 5); times > 0; times--)
        {
            var (at, length) = (random.Next(text.Length + 1), random.Next(12));
            var end = Math.Min(text.Length, at + length);
            text = random.Next(5) switch
            {
                0 => text[..at] + text[end..],
                1 => text[..at] + text[at..end] + text[at..],
                2 => text[..at] + pieces[random.Next(pieces.Length)] + text[at..],
                3 => text[..at] + pieces[random.Next(pieces.Length)] + text[end..],
                _ => text[..at] + random.Text(4, "\t\n\r \"'\\:{}[],&*#?|-<>=!%@`\0") + text[at..],
            };
        }

        return text;
    }

    // Not System.HashCode: that one differs from process to process.
    private static int HashCode(int seed, int number) => unchecked((seed * 397) ^ (number * (int)2654435761));
}
