// Every test starts processes and mostly waits for what they do in real time; three at a time keep two cores busy and honest.
[assembly: CollectionBehavior(MaxParallelThreads = 3)]
