"""The house in one encrypted file, and back: database, files and seals. Never the keys."""
