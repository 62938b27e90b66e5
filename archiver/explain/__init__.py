"""Why an article is what it is: what `archiver explain` shows of one page.

From the bottom: what may be shown of a hostile page at all is `plain`; `why` has the reasons in
words; `fetching` gets a page from the web and `given` from wherever it is; `report` shows a
reading on a terminal and `coloured` as an HTML page.
"""
