"""Pages in: find page files, take their text out of them, and read what the paper says about itself.

`kg.page.readers.READERS` lists the forms that a page can come in, each with the function that reads it. `find_pages`
turns what a user names (files, folders, globs, "-") into `PageSource`s, one a page, sorted and with unique ids; it
never fails on a missing path, because the other pages are still to be read. `read_page` turns one
source into a `Page`, or into one `Finding` of level ERROR that says why it cannot.

What is stated in `pages.toml` beside the pages wins over what is printed, and the arguments of `read_page` win over
both:

    [default]
    newspaper = "株洲日报"
    home = "株洲市"

    ["front.txt"]
    issued = "2023-05-25"
    number = "A01"
"""

from kg.page.decode import decode, half_width
from kg.page.reader import read_page, read_source
from kg.page.source import PageSource, find_pages

__all__ = ["PageSource", "decode", "find_pages", "half_width", "read_page", "read_source"]
