"""What happens to what came back: captured, archived, extracted, stored."""
