namespace EtcdProbeExporter.Metrics;

/// <summary>Processor time and start (since boot) in ticks of <see cref="ProcessFiles.TicksPerSecond"/>, memory in bytes and in pages.</summary>
internal sealed record ProcessStat(double CpuTicks, double StartTicks, double VirtualBytes, double ResidentPages, double Threads);
