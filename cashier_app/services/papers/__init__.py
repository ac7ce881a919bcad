"""From facts to paper: fills documents and hands them to a printer."""
