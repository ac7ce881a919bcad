"""Payment events: taking, distributing, correcting, transferring, and the drawers they go through."""
