namespace EtcdProbeExporter.IntegrationTests;

/// <summary>
/// Tests that keep every processor busy run when all others have ended, one after the other: beside each other they would measure each other, and others
/// would see members that get no processor.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class WholeMachine
{
    public const string Name = "whole machine";
}
