"""The verbs: what the service does with what it hears."""
