"""What every stage stands on: ids, clock, events, jobs, keys, blobs, network, sandbox."""
