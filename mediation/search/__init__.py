"""Finding cases by words: one index on both databases, and the questions that people type into one box."""
