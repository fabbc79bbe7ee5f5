"""A hook of the site's builder: links to files outside docs/ become their words, since the site does not hold those."""

import re
from posixpath import dirname, join, normpath
from typing import Any, Final

_LINK: Final = re.compile(r"\[([^\]]+)\]\((\.\./[^)#]+)[^)]*\)")


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Called for each page before it is rendered."""
    folder = dirname(page.file.src_uri)

    def told(found: re.Match[str]) -> str:
        return found[1] if normpath(join(folder, found[2])).startswith("..") else found[0]

    return _LINK.sub(told, markdown)
