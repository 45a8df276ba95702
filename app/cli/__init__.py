"""The command line: one file per command; parses, calls, prints. No logic lives here."""
