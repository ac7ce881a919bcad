"""What the screens know, in plain Python: no Qt here."""
