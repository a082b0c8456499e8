"""A run as it is requested, and what it comes to by what is shown."""

from dataclasses import replace

import numpy as np
import pytest

import napari_colorcluster as ncc
from napari_colorcluster.core.clustering.settings import Settings
from napari_colorcluster.core.support.progress import silent
from napari_colorcluster.layers.images.shown import Shown
from napari_colorcluster.layers.result.segmentation import Segmentation
from napari_colorcluster.session.counted import Counted
from napari_colorcluster.session.placed import Placed
from napari_colorcluster.session.run import Run


@pytest.fixture
def image(viewer):
    return viewer.layers["photo"]


@pytest.fixture
def run(image):
    return Run(image, 3, Settings(), Placed(None, image))


@pytest.fixture
def shown(thumbnail):
    return Segmentation(ncc.cluster_colors(thumbnail, 4).rename(1, "mine"), min_pixels=7)


def test_it_goes_on_from_what_is_shown(run, shown):
    resolved = run.resolved(shown, run.placed)
    assert resolved.before is shown
    assert resolved.min_pixels == 7
    assert run.before is None


def test_with_edits_it_begins_afresh(run, shown):
    resolved = replace(run, edits=(["merge", [1, 2]],)).resolved(shown, run.placed)
    assert resolved.before is None
    assert resolved.min_pixels == 1


@pytest.mark.parametrize("given", [1, 20])
def test_a_size_of_specks_that_is_given_stays(run, shown, given):
    assert replace(run, min_pixels=given).resolved(shown, run.placed).min_pixels == given


def test_where_nothing_is_shown_no_specks_are_removed(run):
    assert run.resolved(None, run.placed).min_pixels == 1


def test_it_takes_the_region_as_it_lies_now(run, image):
    moved = Placed(None, image)
    assert run.resolved(None, moved).placed is moved
    assert run.counts_as(replace(run, n_clusters=9))
    assert not run.counts_as(run.resolved(None, moved))
    assert not run.counts_as(replace(run, is_first_look=True))


def test_it_makes_what_the_library_makes(run, image, thumbnail):
    painted = run.resolved(None, run.placed).do(Counted(), Shown.of(image), silent)
    expected = ncc.cluster_colors(thumbnail, 3)
    np.testing.assert_array_equal(painted.labels[0], expected.predict(thumbnail))
    assert painted.palette == expected.palette
