"""Files of pages → their texts, a page at a time: what is done, what is not, and why.

A `Job` says what is read and how; `pipeline.run` yields what happens, page by page, whatever the files are like, and
`cluster.run` has a Ray cluster read, whose machines see the same files. Each page's texts have names of their own: what
another source or a person wrote there is left as it is.
"""
