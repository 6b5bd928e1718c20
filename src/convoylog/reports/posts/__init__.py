"""The trip as a Markdown post with its picture folder."""
