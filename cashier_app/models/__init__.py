"""The tables, and nothing else: mapped classes, column types, triggers and migrations."""
