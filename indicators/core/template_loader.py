"""The project's own templates, without the white space that is only for those who read them."""

import re

from django.template.base import Origin
from django.template.loaders.filesystem import Loader as FilesystemLoader

BLOCKS = "article|aside|button|dd|div|dl|dt|figcaption|h[1-6]|legend|li|ol|p|section|summary|t[dhr]|tbody|thead|ul"
INDENTATION = re.compile(r"^ +", re.MULTILINE)
TAG_OVER_LINES = re.compile(r"<[a-z][^<>]*\n[^<>]*>")
BLOCK_BEGINS = re.compile(rf"(<(?:{BLOCKS})(?:\s[^<>]*)?>)\s+")
BLOCK_ENDS = re.compile(rf"\s+(</(?:{BLOCKS})>)")


class Loader(FilesystemLoader):
    """Leaves out what the formatter of templates puts in: a page would be a quarter larger, and a block that a style sheet
    shows within a line would stand apart. Texts like mails stay whole."""

    def get_contents(self, origin: Origin) -> str:
        contents = super().get_contents(origin)
        return without_layout(contents) if origin.name.endswith(".html") else contents


def without_layout(template: str) -> str:
    """The template with each tag on one line, unindented, and nothing between a block's edge and what stands in it."""
    template = INDENTATION.sub("", template)
    template = TAG_OVER_LINES.sub(lambda tag: re.sub(r"\s+", " ", tag[0]).replace(" >", ">"), template)
    return BLOCK_ENDS.sub(r"\1", BLOCK_BEGINS.sub(r"\1", template))
