"""Files of payments: reading them, and booking what they hold with a tender control of their own (S1 p.148)."""
