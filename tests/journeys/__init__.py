"""What a user does from start to end, through the commands that a user types."""
