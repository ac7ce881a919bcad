"""How a ledger of one version becomes one of the next; released revisions are never edited."""
