"""The commands: what each asks for, what it changes, and how it is called."""
