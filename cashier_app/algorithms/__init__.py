"""The built-in rules, one module per system event; all pure."""
