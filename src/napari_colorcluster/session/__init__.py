"""What a panel asks for, done off the main thread: requests, tasks, history. No widgets."""
