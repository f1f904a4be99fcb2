namespace EtcdProbeExporter.Probing;

/// <summary>One due point in time. <paramref name="Number"/> counts from 0; <paramref name="Due"/> is a <see cref="TimeProvider"/> timestamp.</summary>
internal readonly record struct Slot(long Number, long Due);
