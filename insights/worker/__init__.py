"""Work that no request waits for: journal readers, run in a loop until told to stop."""
