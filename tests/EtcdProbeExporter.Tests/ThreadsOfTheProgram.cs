using System.Runtime.CompilerServices;
using EtcdProbeExporter.Grpc;

namespace EtcdProbeExporter.Tests;

/// <summary>Tests run with the thread pool that the program has: with two threads, one test that blocks lets the deadlines of others pass.</summary>
internal static class ThreadsOfTheProgram
{
    [ModuleInitializer]
    internal static void Reserve() => BlockingLookups.ReserveThreads();
}
