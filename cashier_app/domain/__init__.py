"""The field's vocabulary and its rules: pure functions on plain values, standard library only."""
