namespace EtcdProbeExporter.Supervision;

/// <summary>One thing that may fail by itself: where it counts, and what it is for people.</summary>
internal sealed record SupervisedPart(InternalErrors Errors, ExporterPart Where, string What)
{
    /// <summary>An unforeseen exception came out of it.</summary>
    public void Failed(Exception exception) => Errors.Report(Where, What, exception);

    /// <summary>Runs something whose failure must not stop what comes after it. Cancellation by <paramref name="cancellationToken"/> comes out.</summary>
    public async Task RunAsync(Func<CancellationToken, Task> body, CancellationToken cancellationToken)
    {
        try
        {
            await body(cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            Failed(e);
        }
    }

    /// <summary>The same for something that does not wait.</summary>
    public void Run(Action body)
    {
        try
        {
            body();
        }
        catch (Exception e)
        {
            Failed(e);
        }
    }
}
