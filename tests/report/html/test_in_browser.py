"""A report in headless Chromium, opened from disk: looked through, sorted, marked, printed."""

import csv

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from napari_colorcluster import Palette
from napari_colorcluster.core.clustering.residuals import Residuals
from napari_colorcluster.report.html import figures
from napari_colorcluster.report.html.image import ReportImage, thumbnail_paths
from napari_colorcluster.report.html.page import write_report

COLORS, NAMES = [[20, 20, 20], [240, 240, 240], [200, 0, 0]], ["black", "white", "red"]
EVIL = '<img src=x onerror="window.evil=1">'
FEW, MANY = 12, 10_000


def study(n):
    pixels = np.random.default_rng(0).integers(1, 999, size=(n, 3))
    names = [f"leaf {at}" for at in range(n)]
    names[min(3, n - 1)] = EVIL
    return [
        ReportImage(
            name,
            f"in/{name}.png",
            Palette(COLORS, pixels[at], NAMES),
            ("north", "south")[at % 2],
            notes=(f"{EVIL} note",),
            excluded={"transparent": at},
            distance=float((7 * at) % n),
            residuals=Residuals(at / 10, at / 5),
        )
        for at, name in enumerate(names)
    ]


def thumbnails(folder, images):
    for at, image in enumerate(images):
        for path, color in zip(thumbnail_paths(image.name), ("orange", "teal"), strict=True):
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            Image.new("RGB", (60, 40 + at), color).save(folder / path)


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    """The folders of a small and of a large report, the latter with a few thumbnails."""
    folders = {}
    for n in (1, FEW, MANY):
        folder = folders[n] = tmp_path_factory.mktemp(f"of_{n}")
        images = study(n)
        # Ten thousand files would be slow to make, and so would be many comparisons.
        thumbnails(folder, images[:FEW])
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(figures, "MOST_COMPARED", FEW)
            write_report(folder, images, title="Leaves")
    return folders


@pytest.fixture
def open_report(browser, reports):
    """Opens a report in a fresh profile; the page must not complain or ask for anything."""
    complaints, contexts = [], []

    def open_report(n=FEW, hash="", **options):
        context = browser.new_context(viewport={"width": 1280, "height": 2600}, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        missing = "Failed to load resource" if n == MANY else None
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda said: (missing and missing in said.text) or complaints.append(said.text),
        )
        page.on(
            "request",
            lambda asked: (
                asked.url.startswith(("file:", "data:", "blob:")) or complaints.append(asked.url)
            ),
        )
        page.goto(f"{(reports[n] / 'report.html').as_uri()}{hash}")
        return page

    yield open_report
    for context in contexts:
        context.close()
    assert not complaints


def names(page):
    return page.locator(".card .name").all_text_contents()


def test_all_images_are_listed_as_texts_and_pictures(open_report):
    page = open_report()
    assert names(page)[0] == EVIL
    assert names(page)[1:4] == ["leaf 0", "leaf 1", "leaf 2"]
    assert len(names(page)) == FEW
    assert page.evaluate("window.evil") is None
    expect(page.locator("#count")).to_have_text(f"{FEW} images")
    assert page.locator("figure h2").all_text_contents() == [
        "Shares by group",
        "Ordination",
        "Distances between palettes",
    ]
    page.locator(".card").last.scroll_into_view_if_needed()
    page.wait_for_function(
        "[...document.querySelectorAll('.card img')].every((i) => i.naturalWidth)"
    )


def test_one_image_is_one(open_report):
    page = open_report(1)
    expect(page.locator("#count")).to_have_text("1 image")
    page.fill("#text", "nothing like it")
    expect(page.locator("#count")).to_have_text("0 of 1 image")


def test_images_are_sorted_and_filtered(open_report):
    page, images = open_report(), study(FEW)
    page.select_option("#sort", label="Share of red")
    by_red = sorted(images, key=lambda image: image.palette.fractions[2])
    assert names(page) == [image.name for image in by_red]
    page.click("#direction")
    assert names(page) == [image.name for image in by_red[::-1]]
    page.select_option("#sort", label="Distance to the pool")
    page.select_option("#group", label="south")
    expected = sorted(images[1::2], key=lambda image: -image.distance)
    assert names(page) == [image.name for image in expected]
    page.fill("#text", "LEAF 1")
    assert names(page) == [image.name for image in expected if "leaf 1" in image.name]
    page.fill("#text", "nothing like it")
    expect(page.locator("#empty")).to_be_visible()
    page.click("#reset")
    assert len(names(page)) == FEW


def test_an_image_opens_with_slider_table_and_notes(open_report):
    page, image = open_report(), study(FEW)[3]
    page.locator(".card").first.click()
    expect(page.locator("#dialog-name")).to_have_text(EVIL)
    rows = [row.split() for row in page.locator("#clusters tr").all_inner_texts()]
    assert [row[:3] for row in rows] == [
        [str(label), name, color]
        for label, name, color in zip((1, 2, 3), NAMES, image.palette.hex, strict=True)
    ]
    assert rows[1][3] == f"{100 * image.palette.fractions[1]:.1f}"
    assert page.locator("#notes").inner_text() == f"{EVIL} note"
    assert "3 transparent" in page.locator("#facts").inner_text()
    # Half of the upper picture is cut away; the keyboard moves the edge.
    page.locator("#slider").focus()
    page.keyboard.press("End")
    clip = "getComputedStyle(document.getElementById('after')).clipPath"
    assert page.evaluate(clip) == "inset(0px 0px 0px 100%)"
    page.check("#beside")
    assert page.evaluate(clip) == "none"
    assert page.evaluate("window.evil") is None
    page.keyboard.press("Escape")
    expect(page.locator("#dialog")).to_be_hidden()


def test_it_is_used_by_keyboard_alone(open_report):
    page = open_report()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    # Waited for: the focus comes back once the dialog has told that it is closed.
    focused = page.locator(":focus .name")
    expect(focused).to_have_text(EVIL)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    columns = page.evaluate("grid.columns")
    expect(focused).to_have_text(f"leaf {columns + (columns >= 3)}")
    page.keyboard.press("End")
    expect(focused).to_have_text("leaf 11")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    expect(page.locator("#dialog-name")).to_have_text("leaf 11")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#dialog-name")).to_have_text("leaf 10")
    page.keyboard.press("Escape")
    expect(focused).to_have_text("leaf 10")


def test_marks_are_kept_and_exported(open_report, tmp_path):
    page = open_report()
    expect(page.locator("#export")).to_be_disabled()
    page.locator(".card").first.focus()
    page.keyboard.press("w")
    page.locator(".card", has_text="leaf 5").click()
    page.fill("#comment", 'too dark, "maybe"')
    page.keyboard.press("Escape")
    page.reload()
    expect(page.locator(".card.wrong .name")).to_have_text(EVIL)
    page.select_option("#show", "comment")
    assert names(page) == ["leaf 5"]
    with page.expect_download() as saved:
        page.click("#export")
    assert saved.value.suggested_filename == "marked.csv"
    saved.value.save_as(tmp_path / "marked.csv")
    with open(tmp_path / "marked.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert rows == [
        {"image": EVIL, "path": f"in/{EVIL}.png", "wrong": "yes", "comment": ""},
        {"image": "leaf 5", "path": "in/leaf 5.png", "wrong": "no", "comment": 'too dark, "maybe"'},
    ]
    page.select_option("#show", "all")
    page.locator(".card").first.focus()
    page.keyboard.press("w")
    expect(page.locator(".card.wrong")).to_have_count(0)


def test_what_is_marked_otherwise_in_the_dialog_leaves_the_list(open_report):
    page = open_report()
    for name in ("leaf 4", "leaf 6"):
        page.locator(".card", has_text=name).focus()
        page.keyboard.press("w")
    page.select_option("#show", "wrong")
    for left in (["leaf 6"], []):
        page.locator(".card").first.click()
        page.keyboard.press("w")
        page.keyboard.press("Escape")
        expect(page.locator("#dialog")).to_be_hidden()
        assert names(page) == left
        expect(page.locator("#count")).to_have_text(f"{len(left)} of {FEW} images")
    assert page.evaluate("document.activeElement.id") == "show"
    page.select_option("#show", "all")
    page.locator(".card").last.click()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.dataset.place") == str(FEW - 1)


def test_a_point_of_the_ordination_opens_its_image(open_report):
    page = open_report()
    page.fill("#text", "leaf 1")
    page.locator('a[href="#image=7"]').dispatch_event("click")
    expect(page.locator("#dialog-name")).to_have_text("leaf 7")


def test_ten_thousand_images_are_listed_while_few_are_elements(open_report):
    page = open_report(MANY)
    expect(page.locator("#count")).to_have_text("10,000 images")
    assert page.locator(".card").count() < 100
    # Generous: machines differ, but not by a factor of ten.
    assert page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd") < 10_000
    page.select_option("#sort", label="Share of white")
    page.click("#direction")
    whitest = max(study(MANY), key=lambda image: image.palette.fractions[1])
    assert names(page)[0] == whitest.name
    page.locator(".card").first.focus()
    page.keyboard.press("End")
    least = min(study(MANY), key=lambda image: image.palette.fractions[1])
    assert page.evaluate("document.activeElement.querySelector('.name').textContent") == least.name


def test_listed_images_are_printed_and_the_theme_is_the_systems(open_report):
    page = open_report(color_scheme="dark")
    paper = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(paper)
    page.evaluate("grid.layOutForPrint()")
    page.emulate_media(media="print", color_scheme="light")
    assert page.evaluate(paper) == "rgb(255, 255, 255)" != dark
    expect(page.locator("#controls")).to_be_hidden()
    assert len(names(page)) == FEW
    assert page.pdf()[:5] == b"%PDF-"
