"""Taking customers and their debts over from another system."""
