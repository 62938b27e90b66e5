"""A small news site that comes with the archive, to be crawled and looked at."""
