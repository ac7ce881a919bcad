"""The read side: one function per list or screen, frozen rows out."""
