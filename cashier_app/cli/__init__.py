"""The command line: every command takes --database, and --json where something is reported."""
