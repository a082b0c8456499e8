"""The formats of files, and the color cards, that the library knows."""

import re
from importlib.resources import files

from from_code.markdown import MarkdownDirective, code, table
from napari_colorcluster.core.color.calibration.card import card_names, find_card
from napari_colorcluster.core.files.palettes import FORMATS
from napari_colorcluster.core.files.pictures.kinds import SUFFIXES
from napari_colorcluster.widgets.palette.view import PALETTE_KINDS


class PaletteFormatTable(MarkdownDirective):
    """A row for each format of palettes."""

    def markdown(self) -> str:
        titles = {suffix.removeprefix(".colors"): title for suffix, title in PALETTE_KINDS.items()}
        rows = (
            [
                code(suffix),
                titles[suffix],
                "yes" if each.render_clustering else "",
            ]
            for suffix, each in FORMATS.items()
        )
        return table(["suffix", "in the Save menu", "holds a whole clustering"], rows)


class PictureSuffixes(MarkdownDirective):
    """The suffixes of the files that are taken from a folder."""

    def markdown(self) -> str:
        return " ".join(map(code, sorted(SUFFIXES)))


class CardTable(MarkdownDirective):
    """A row for each color card."""

    def markdown(self) -> str:
        cards = map(find_card, card_names())
        rows = ([code(card.name), str(len(card)), _sources()[card.name]] for card in cards)
        return table(["card", "patches", "source of its values"], rows)


def _sources() -> dict[str, str]:
    """Where the values of each card are from, as its table says."""
    folder = files("napari_colorcluster.core.color.calibration") / "cards"
    texts = [each.read_text("utf-8") for each in folder.iterdir() if each.name.endswith(".csv")]
    return {
        re.search("^# Card: (.*)$", text, re.M)[1]: re.search("^# Source: (.*)$", text, re.M)[1]
        for text in texts
    }
