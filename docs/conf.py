"""How Sphinx builds the site: ``make docs``."""

import os
import sys
from pathlib import Path

# Imported before autodoc does: it would take the stub beside it for the module.
import napari_colorcluster

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE / "_extensions"))
# A panel is made to be read, not to be seen: without a screen and with nobody's preferences.
os.environ.update(QT_QPA_PLATFORM="offscreen", NAPARI_CONFIG="")

project = "napari-colorcluster"
author = "napari-colorcluster developers"
copyright = author
version = release = napari_colorcluster.__version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "numpydoc",
    "sphinx_copybutton",
    "sphinx_design",
    "from_code",
]

templates_path = ["_templates"]
exclude_patterns = ["_build", "_extensions", "_templates"]
nitpicky = True

# Pages are Markdown, links to headings included: [text](page.md#heading).
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

# A signature names its arguments; numpydoc's list below says what each of them is.
autodoc_typehints = "none"
autodoc_member_order = "bysource"
add_module_names = False
toc_object_entries_show_parents = "hide"
autosummary_generate = True
numpydoc_show_class_members = False
# A name in a docstring is a link where the page of that name is here, and code where it is not.
default_role = "py:obj"
nitpick_ignore_regex = [("py:obj", ".*")]

# What is copied from a console is what was typed there.
copybutton_exclude = ".linenos, .gp, .go"

html_theme = "pydata_sphinx_theme"
html_title = project
html_baseurl = "https://napari-colorcluster.github.io/napari-colorcluster/"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_show_sourcelink = False
html_theme_options = {
    "github_url": "https://github.com/napari-colorcluster/napari-colorcluster",
    "show_toc_level": 2,
    "secondary_sidebar_items": ["page-toc"],
    "footer_start": [],
    "footer_end": [],
    "navigation_with_keys": False,
    # The comments of the usual style outshine the code.
    "pygments_dark_style": "a11y-dark",
}
html_sidebars = {"start": [], "index": [], "changelog": []}
