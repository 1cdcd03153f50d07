"""The steps of the linked administrative reconsideration, each a command of its own."""
