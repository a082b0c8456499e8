"""What a panel requests, done off the main thread: requests, their queue and their state."""
