"""The door and what it stands on: commands, transactions, journal, configuration, one database connection."""
