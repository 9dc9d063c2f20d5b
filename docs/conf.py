"""Settings of the documentation: `make docs` builds it, and every warning is an error."""

from importlib.metadata import version as installed_version

project = "noisefilter"
author = "the noisefilter authors"
copyright = author  # noqa: A001 - Sphinx's word
version = release = installed_version(project)

extensions = [
    "myst_nb",  # Markdown pages, and the notebooks with the outputs that they were committed with
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",  # numpydoc sections
    "sphinx_click",
    "sphinx_copybutton",
]
html_theme = "furo"
html_title = "noisefilter"

# The source is the whole checkout, so that pages and notebooks link to one another as they lie, here and on a code host.
root_doc = "docs/index"
include_patterns = ["docs/**.md", "notebooks/*.ipynb", "models/default/card.md", "CHANGELOG.md", "SECURITY.md"]
exclude_patterns = ["docs/_build"]

nb_execution_mode = "off"
myst_heading_anchors = 3
myst_enable_extensions = ["colon_fence"]
# `$ ` and `>>> ` are shown and not copied.
copybutton_prompt_text = r"\$ |>>> "
copybutton_prompt_is_regexp = True

default_role = "code"  # docstrings mark names with single backticks
autodoc_typehints = "description"
autodoc_member_order = "bysource"
autodoc_type_aliases = {"NDArray": "numpy.ndarray"}
# Notebooks may show widgets' JSON and log lines of other kinds; nothing else is hushed.
suppress_warnings = ["mystnb.unknown_mime_type"]
