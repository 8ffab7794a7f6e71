"""What do people read? Markdown, pages and workbooks, made of frames."""
