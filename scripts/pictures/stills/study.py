"""The field study: its page's own code is run, for the report in a browser and the figure."""

import contextlib
import re
import shutil
import tempfile
from io import BytesIO
from pathlib import Path

import matplotlib as mpl
import matplotlib.style
from files import FOLDER, write_image
from PIL import Image
from playwright.sync_api import sync_playwright
from stage import Stage

PAGE = FOLDER.parent / "how_to" / "field_study.md"
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.M | re.S)
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# The grounds of the site, on which the figure lies.
STYLES = {
    "light": {"figure.facecolor": "white"},
    "dark": {
        **matplotlib.style.library["dark_background"],
        "figure.facecolor": "#14181e",
        "axes.facecolor": "#14181e",
        "savefig.facecolor": "#14181e",
        "axes.prop_cycle": mpl.cycler(color=["#8dd3c7"]),
    },
}


def draw(stage: Stage) -> None:
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        names: dict[str, object] = {}
        *study, figure = BLOCK.findall(PAGE.read_text("utf-8"))
        for code in study:
            exec(code, names)
        with mpl.rc_context(STYLES[stage.theme]):
            exec(figure, names)
        write_image(Image.open("figure.png").convert("RGB"), f"study-figure-{stage.theme}")
        page = Path(folder, "results", "report.html").as_uri()
        write_image(_in_browser(page, stage.theme), f"study-report-{stage.theme}")


def _in_browser(page: str, theme: str) -> Image.Image:
    path = next(filter(None, map(shutil.which, BROWSERS)))

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        window = browser.new_page(viewport={"width": 1180, "height": 700}, color_scheme=theme)
        window.goto(page)
        window.wait_for_timeout(1000)
        window.evaluate("document.querySelector('#controls').scrollIntoView()")
        window.wait_for_timeout(800)
        seen = window.screenshot()
        browser.close()
    return Image.open(BytesIO(seen)).convert("RGB")
