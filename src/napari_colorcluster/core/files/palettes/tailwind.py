"""A theme of Tailwind CSS 4: ``@theme { --color-peach: #f1d9c2; }``, for ``bg-peach``."""

from __future__ import annotations

from napari_colorcluster.core.files.palettes import css
from napari_colorcluster.core.files.palettes.file_format import PaletteFormat

FORMAT = PaletteFormat(".tailwind.css", css.recognizes, css.parse, css.render_theme)
