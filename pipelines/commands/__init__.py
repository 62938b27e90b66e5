"""Scrapy commands of this project, in place of the built-in ones of the same name."""
