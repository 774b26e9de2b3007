"""Pages → the files of an output folder, in bounded memory, and only as much work as pages have changed.

`kg.archive.build.build` is what `kg build` calls. What it knows of the pages stands in one SQLite file beside the
output (`store`): the reading of each page (`pages`), which things and facts the pages speak of (`linking`), and where
each block of text stands in the output files (`blocks`, `files`). Each step asks only for what the step before it has
touched; in a fresh build that is everything.
"""
