"""A server that sends literal octets, the cases it plays, and the crawl that fetches them."""
