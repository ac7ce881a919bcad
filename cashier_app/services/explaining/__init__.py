"""Why figures are what they are: from any of them to transactions, commands, rules and what was set up (row H7)."""
