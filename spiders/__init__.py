"""Where to go. Spiders decide which captures are pages; the archive keeps everything."""
