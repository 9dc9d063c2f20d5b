"""Plots → SVG for a page whose Content-Security-Policy allows neither inline styles nor outside files.

matplotlib writes its colours as `style` attributes and names its parts. Here the colours of `plot.py` become classes, so that the page's
style sheet draws them in light and dark; other styles become attributes, text stays text, and names that nothing refers to are left out.
"""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from noisefilter.plot import BAD, DOUBT, GOOD, INK, QUIET

if TYPE_CHECKING:
    from matplotlib.axes import Axes

CLASSES = {INK: "ink", QUIET: "quiet", GOOD: "good", BAD: "bad", DOUBT: "doubt"}
_SVG = "{http://www.w3.org/2000/svg}"
_LINK = "{http://www.w3.org/1999/xlink}href"
_DROPPED = (f"{_SVG}metadata", f"{_SVG}style")


def svg(draw: Callable[[Axes], object], title: str, width: float = 5.0, height: float = 3.6) -> str:
    """Draw on a new axes of so many inches and give the SVG element, with `title` as its name for readers who do not see it.

    Five inches are 360 points, the width of a phone: letters of ten points can be read there without moving the page.
    """
    import matplotlib
    from matplotlib.figure import Figure

    settings: Any = {"svg.fonttype": "none", "svg.hashsalt": title, "font.size": 10, "axes.labelsize": 10}
    with matplotlib.rc_context(settings):
        figure = Figure(figsize=(width, height), layout="constrained")
        draw(figure.subplots())
        stream = io.StringIO()
        figure.savefig(stream, format="svg", transparent=True, metadata={"Date": None})
    return _cleaned(stream.getvalue(), title)


def _cleaned(text: str, title: str) -> str:
    # Without the declaration and document type, which name an outside address.
    root = ElementTree.fromstring(text[text.index("<svg") :])
    used = set(re.findall(r'(?:url\(#|href="#)([^)"]+)', text))
    for parent in root.iter():
        for child in [child for child in parent if child.tag in _DROPPED]:
            parent.remove(child)
    for element in root.iter():
        _plain_attributes(element, used)
    root.set("role", "img")
    root.set("aria-label", title)
    for name in ("width", "height"):
        del root.attrib[name]
    ElementTree.register_namespace("", _SVG.strip("{}"))
    return ElementTree.tostring(root, encoding="unicode")


def _plain_attributes(element: ElementTree.Element, used: set[str]) -> None:
    if element.get("id") not in used:
        element.attrib.pop("id", None)
    if _LINK in element.attrib:
        element.set("href", element.attrib.pop(_LINK))
    declarations = [part.split(":", 1) for part in element.attrib.pop("style", "").split(";") if ":" in part]
    classes = []
    for name, value in ((name.strip(), value.strip()) for name, value in declarations):
        if name in ("fill", "stroke") and value in CLASSES:
            classes.append(f"{name}-{CLASSES[value]}")
        elif name == "font":
            # "10px 'DejaVu Sans', …": the size stays, the page has its own letters.
            element.set("font-size", value.split()[0])
        elif name != "font-family":
            element.set(name, value)
    if element.tag == f"{_SVG}text" and not any(name.startswith("fill-") for name in classes):
        classes.append("fill-ink")
    if classes:
        element.set("class", " ".join(classes))
