"""Real S3-compatible servers on loopback, and a proxy before them that can go wrong."""
