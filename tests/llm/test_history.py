"""What a language model is told of what was listened to."""
