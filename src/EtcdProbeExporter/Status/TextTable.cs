using System.Text;

namespace EtcdProbeExporter.Status;

/// <summary>Aligned columns, two spaces apart; a column that is empty in every row is left out.</summary>
internal sealed class TextTable(params string[] headers)
{
    private readonly List<string[]> _rows = [];

    public void Add(params string[] cells) => _rows.Add(cells);

    /// <param name="to">Gets one line per row.</param>
    /// <param name="paint">Decorates a padded cell: its row (-1: the headers), its column, its text. Must not change the visible width.</param>
    public void Write(StringBuilder to, Func<int, int, string, string> paint)
    {
        var widths = headers.Select((_, column) => _rows.Max(r => r[column].Length) is > 0 and var width ? Math.Max(width, headers[column].Length) : 0).ToList();
        var last = widths.FindLastIndex(w => w > 0);
        WriteRow(-1, headers);
        for (var i = 0; i < _rows.Count; i++)
        {
            WriteRow(i, _rows[i]);
        }

        void WriteRow(int row, string[] cells)
        {
            for (var column = 0; column <= last; column++)
            {
                if (widths[column] > 0)
                {
                    to.Append(paint(row, column, column == last ? cells[column] : cells[column].PadRight(widths[column])));
                    to.Append(column == last ? "" : "  ");
                }
            }

            while (to[^1] == ' ')
            {
                to.Length--;
            }

            to.Append('\n');
        }
    }
}
