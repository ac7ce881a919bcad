"""Having adjustments approved before they count (R adjustments 6, S1 p.97-101)."""
