"""How Sphinx builds the site: ``make docs``."""

import sys
from importlib.metadata import version as installed_version
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE / "_extensions"))

project = "napari-colorcluster"
author = "napari-colorcluster developers"
copyright = author
release = installed_version(project)
version = release

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "numpydoc",
    "sphinx_copybutton",
    "sphinx_design",
]

exclude_patterns = ["_build", "_extensions"]
nitpicky = True

# Pages are Markdown, links to headings included: [text](page.md#heading).
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

# A signature names its arguments; numpydoc's list below says what each of them is.
autodoc_typehints = "none"
autodoc_member_order = "bysource"
autosummary_generate = True
numpydoc_show_class_members = False

html_theme = "pydata_sphinx_theme"
html_title = project
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_show_sourcelink = False
html_theme_options = {
    "github_url": "https://github.com/napari-colorcluster/napari-colorcluster",
    "show_prev_next": True,
    "secondary_sidebar_items": ["page-toc"],
    "footer_start": [],
    "footer_end": [],
    "navigation_with_keys": False,
}
html_sidebars = {"start": [], "index": []}
