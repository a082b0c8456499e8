"""What is shown of a result: what can be picked, what is dimmed, what stays selected."""

import numpy as np
import pytest

from napari_colorcluster.layers.result.results import results


@pytest.fixture
def clustered(panel, press):
    press()
    return panel


@pytest.fixture
def result(clustered, viewer):
    return results.of(viewer.layers["photo"])


def test_without_a_result_nothing_can_be_picked(panel, press, viewer):
    assert not panel.picker.isEnabled()
    press()
    assert panel.picker.isEnabled()
    viewer.layers["photo"].data = viewer.layers["photo"].data[::-1].copy()
    assert not panel.picker.isEnabled()


def test_what_is_hidden_or_removed_cannot_be_picked(clustered, result, viewer):
    picker = clustered.picker
    result.labels.visible = False
    assert picker.isEnabled()
    picker.click()
    assert picker.isChecked()
    result.quantized.visible = False
    assert not picker.isEnabled()
    assert not picker.isChecked()
    result.labels.visible = True
    assert picker.isEnabled()
    viewer.layers.remove(result.labels)
    assert not picker.isEnabled()


def test_in_three_dimensions_what_is_not_selected_is_transparent(clustered, result, viewer):
    def alphas():
        return {
            label: float(result.labels.colormap.map(np.array([label]))[0, 3])
            for label in (0, *result.palette.labels.tolist())
        }

    clustered.palette.table.select((2,))
    assert 0 < alphas()[0] < 1
    viewer.dims.ndisplay = 3
    assert alphas() == {0: 0, 1: 0, 2: 1, 3: 0, 4: 0, 5: 0}
    clustered.palette.table.select((3,))
    assert alphas()[3] == 1 > alphas()[2] == 0
    viewer.dims.ndisplay = 2
    assert 0 < alphas()[0] < 1
    clustered.palette.table.select(())
    assert set(alphas().values()) == {0, 1}


def test_the_selection_goes_with_its_clusters(qtbot, clustered, press, viewer):
    table = clustered.palette.table

    def edit(name, *arguments):
        clustered.palette.edit_requested.emit(name, arguments)
        qtbot.waitUntil(lambda: not clustered.session.is_busy, timeout=60_000)

    def selected():
        palette = results.of(viewer.layers["photo"]).palette
        return [palette.hex[palette.row_of(label)] for label in table.selected_labels()]

    table.select((2,))
    [color] = selected()
    edit("relabel", [[2, 9], [1, 2]])
    assert table.selected_labels() == (9,)
    press()
    assert table.selected_labels() == (2,)
    assert selected() == [color]
    edit("relabel", [[2, 9], [1, 2]])
    clustered.palette.edits.renumber.trigger()
    qtbot.waitUntil(lambda: not clustered.session.is_busy, timeout=60_000)
    assert table.selected_labels() == (2,)
    assert results.of(viewer.layers["photo"]).palette.labels.tolist() == [1, 2, 3, 4, 5]


def test_a_press_numbers_from_one_and_live_keeps_numbers(qtbot, clustered, press, viewer):
    def labels():
        return sorted(results.of(viewer.layers["photo"]).palette.labels.tolist())

    clustered.palette.edit_requested.emit("set_background", (1,))
    qtbot.waitUntil(lambda: not clustered.session.is_busy, timeout=60_000)
    assert labels() == [2, 3, 4, 5]
    clustered.live.setChecked(True)
    qtbot.waitUntil(lambda: not clustered.session.is_busy, timeout=60_000)
    assert set(labels()) > {2, 3, 4, 5}
    press()
    assert labels() == [1, 2, 3, 4, 5]
