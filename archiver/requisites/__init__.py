"""What a page needs to be shown: the pictures, styles, scripts and fonts that it names.

`requisites_of_html` reads a page, `requisites_of_css` a stylesheet that it named. Nothing here
fetches anything, and whatever it is given, it takes time in proportion to that and no more.
"""

from archiver.requisites.document import requisites_of_css, requisites_of_html
from archiver.requisites.requisite import Kind, Requisite

__all__ = ["Kind", "Requisite", "requisites_of_css", "requisites_of_html"]
