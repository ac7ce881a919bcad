"""A branch's way to its server over HTTP: enrolment, the line, and the rhythm of asking. No screen is known here."""
