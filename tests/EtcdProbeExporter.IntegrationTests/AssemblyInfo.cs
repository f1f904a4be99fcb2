// Every test starts processes and waits for what they do in real time; two at a time keep two cores honest.
[assembly: CollectionBehavior(MaxParallelThreads = 2)]
