"""A time-lapse of ripening: one palette for all days, and the shares along them."""

from files import write_picture
from stage import Stage

STAGE = {"size": (900, 800)}
CLOTH, GREEN, RED, TURNING = (66, 73, 87), (95, 114, 50), (149, 37, 26), (162, 114, 46)


def draw(stage: Stage) -> None:
    stage.open_sample("ripening")
    stage.viewer.dims.set_current_step(0, 6)
    stage.cluster(4)
    stage.show_labels()
    stage.edit("set_background", [stage.label_of(*CLOTH)])
    for color, name in ((GREEN, "green"), (TURNING, "turning"), (RED, "red")):
        stage.edit("rename", stage.label_of(*color), name)
    stage.edit("reorder", [stage.label_of(*color) for color in (GREEN, TURNING, RED)])
    stage.panel.more_fold.open()
    stage.fit()
    write_picture(stage.see(), f"ripening-clustered-{stage.theme}")
    stage.click(stage.panel.many.view.frames)
    stage.rest()
    write_picture(
        stage.see_other(stage.panel.many.window, (640, 640)), f"ripening-shares-{stage.theme}"
    )
