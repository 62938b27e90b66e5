"""The end of each command's help: examples, and what its status means."""

EXAMPLES = {
    "check": """
        examples:
          archiver check collections/news
          archiver check news.wacz
          archiver check --json some.warc.gz > faults.jsonl
          archiver check s3://bucket/prefix/news -s AWS_REGION_NAME=eu-central-1

        status: 0 all sound, 1 faults were found, 2 something could not be read
        """,
    "extract": """
        examples:
          archiver extract collections/news --out texts
          archiver extract theirs.warc.gz more/ --out texts --workers 4
          archiver extract s3://bucket/prefix/news --out texts
          archiver extract collections/news --out texts --extractor trafilatura

        status: 0 done, 1 a page failed or a WARC is damaged, 2 something could not be read
        """,
    "explain": """
        examples:
          archiver explain page.html
          archiver explain https://www.example.org/story --html story.html
          archiver explain collections/news --url https://www.example.org/story --all

        A line that begins with + is a block of the article, with - one that was dropped; the
        share says how likely the block was to be kept.

        status: 0 there is an article, 1 there is none, 2 the page could not be read
        """,
    "replay": """
        examples:
          archiver replay collections/news
          archiver replay theirs.wacz some.warc.gz --port 8080 --no-open
          archiver replay s3://bucket/prefix/news

        While it runs, http://localhost:PORT/replay?url=URL&ts=TIMESTAMP leads to a page.

        status: 0 it was ended by Ctrl-C, 2 something could not be read
        """,
    "wacz": """
        examples:
          archiver wacz collections/news -o news.wacz
          archiver wacz collections/news -o news.wacz --title "News of 2026" --sign news.pem
          archiver wacz collections/news -o news.wacz --split-size 10GB

        status: 0 done, 1 done but something could not be read, 2 it could not be
        """,
    "sync": """
        examples:
          archiver sync news
          archiver sync s3://bucket/prefix/news --wait 3600 -s ARCHIVE_WORK_DIR=/data/work

        status: 0 all is sent, 1 something is left, 2 it could not begin
        """,
    "demo": """
        examples:
          archiver demo
          archiver demo --store /tmp/archives
          archiver demo --serve

        status: that of the crawl; 1 if its counts are not those of the site
        """,
}
