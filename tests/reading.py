"""Reads a page the way a visitor does: its text, its tables, its links. A page whose tags do not match is refused."""

import re
from html.parser import HTMLParser

# Elements that have no end tag.
VOID = {"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
UNSEEN = {"script", "style", "head"}


class Node:
    """An element: its tag, attributes and children, which are nodes and texts."""

    def __init__(self, tag, attributes=()):
        self.tag, self.attributes, self.children = tag, dict(attributes), []

    def __getitem__(self, name):
        return self.attributes[name]

    @property
    def classes(self):
        return (self.attributes.get("class") or "").split()

    def walk(self):
        """This node and all below it, in the order of the page."""
        yield self
        for child in self.children:
            if isinstance(child, Node):
                yield from child.walk()

    def all(self, tag="", **attributes):
        """The nodes below with this tag, a class (`class_`) and other attributes."""
        wanted = attributes.pop("class_", None)
        return [
            node
            for node in self.walk()
            if node is not self
            and tag in ("", node.tag)
            and (wanted is None or wanted in node.classes)
            and all(node.attributes.get(name) == value for name, value in attributes.items())
        ]

    def one(self, tag="", **attributes):
        """The only such node."""
        (found,) = self.all(tag, **attributes)
        return found

    @property
    def text(self):
        """What can be read, blanks drawn together."""
        return " ".join(" ".join(self._texts()).split())

    def _texts(self):
        for child in self.children:
            if isinstance(child, str):
                yield child
            elif child.tag not in UNSEEN:
                yield from child._texts()


class Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.root = Node("page")
        self.open = [self.root]

    def handle_starttag(self, tag, attributes):
        node = Node(tag, attributes)
        self.open[-1].children.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_startendtag(self, tag, attributes):
        self.open[-1].children.append(Node(tag, attributes))

    def handle_endtag(self, tag):
        assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}> at {self.getpos()}"
        self.open.pop()

    def handle_data(self, text):
        self.open[-1].children.append(text)


def read(response):
    """The page of a response."""
    reader = Reader()
    reader.feed(response.content.decode())
    assert reader.open == [reader.root], f"never closed: {reader.open[-1].tag}"
    return reader.root


def see(client, address, status=200):
    """The page at `address`, which answers with `status`."""
    response = client.get(address)
    assert response.status_code == status, f"{address}: {response.status_code}"
    return read(response)


def sheets(pdf):
    """The text of each page of a PDF without its blanks: the reader sees one wherever two letters are of two fonts."""
    return [unspaced(one.extract_text()) for one in pdf.pages]


def unspaced(text):
    return "".join(text.split())


def content(response):
    """The text of a page or a download."""
    return b"".join(response).decode()


def rows(table):
    """The rows of a table's body as lists of texts."""
    bodies = table.all("tbody")
    return [[cell.text for cell in row.all() if cell.tag in ("td", "th")] for body in bodies for row in body.all("tr")]


def listed(page):
    """The names in the listing of indicators, in order, parts included."""
    return [cell.one("a").text for cell in page.one(id="listing").all("th", class_="name", scope="row")]


def cells(page, name):
    """The cells of the listing's row of the indicator called `name`, by their label."""
    for row in page.one(id="listing").all("tr"):
        if any(cell.one("a").text == name for cell in row.all("th", class_="name", scope="row")):
            return {cell["data-label"]: cell.text for cell in row.all("td")}
    raise AssertionError(f"{name} is not in the listing")


def numbers(text):
    """The numbers of a text in their order, separators taken out."""
    return [re.sub(r"[.,]", "", number) for number in re.findall(r"\d[\d.,]*\d|\d", text)]
