"""Does the early warning keep its word? Simulated districts, shuffled records, other methods beside it."""
