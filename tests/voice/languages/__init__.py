"""What is said in each language, and what comes of it."""
