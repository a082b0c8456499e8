"""One palette over a series: pooled, and compared."""

from files import write_picture
from stage import Stage

import napari_colorcluster as ncc

STAGE = {"size": (900, 880)}
SEVERITIES = {"monday": 0.03, "wednesday": 0.12, "friday": 0.3}


def draw(stage: Stage) -> None:
    for name, severity in SEVERITIES.items():
        image = ncc.load_sample("leaf", severity=severity, random_state=7).image
        layer = stage.viewer.add_image(image, name=name)
        stage.viewer.layers.selection.active = layer
    stage.fit()
    panel, view = stage.panel, stage.panel.many.view
    panel.form.n_clusters.value = 5
    panel.more_fold.open()
    view.all.click()
    stage.click(view.pool)
    stage.rest()
    stage.show_labels()
    write_picture(stage.see(), f"series-pooled-{stage.theme}")
    stage.click(view.compare)
    stage.rest()
    write_picture(stage.see_other(panel.many.window, (1100, 640)), f"series-compared-{stage.theme}")
