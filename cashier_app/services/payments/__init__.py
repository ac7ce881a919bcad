"""Payment events: taking, distributing, correcting, transferring, and files of them."""
