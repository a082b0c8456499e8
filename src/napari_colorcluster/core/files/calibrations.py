"""Calibrations from files; `Calibration.write` makes them."""

from __future__ import annotations

import json
import os
from pathlib import Path

from napari_colorcluster.core.color.calibration.calibration import Calibration
from napari_colorcluster.core.support.reading_files import in_a_sentence


def read_calibration(path: str | os.PathLike[str]) -> Calibration:
    """Read a calibration that `Calibration.write` wrote.

    Parameters
    ----------
    path : path-like
        A ``.json`` file.

    Returns
    -------
    Calibration
        Equal to the one that was written: the same function, to the bit.

    Raises
    ------
    ValueError
        Where the file holds no calibration.
    OSError
        Where it cannot be read.
    """
    path = Path(path)
    with in_a_sentence(path):
        data = path.read_bytes()
    try:
        return Calibration.from_dict(json.loads(data.decode()))
    except json.JSONDecodeError as error:
        why = f"line {error.lineno} is no JSON ({error.msg})."
    except (UnicodeDecodeError, RecursionError):
        why = "it is no text in JSON."
    except ValueError as error:
        why = str(error)
    raise ValueError(f"Cannot read {path.name!r}: {why}")
