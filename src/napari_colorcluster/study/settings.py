"""What is done with each image of a study: one immutable value, which JSON can hold."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from napari_colorcluster.core.clustering.clustering import ColorClustering
from napari_colorcluster.core.clustering.fitting import cluster_histogram, is_auto
from napari_colorcluster.core.clustering.parts.representatives import MEAN, check_representative
from napari_colorcluster.core.clustering.settings import (
    DEFAULT_N_CLUSTERS,
    Settings,
    check_choice,
)
from napari_colorcluster.core.files.image_formats import FORMATS, OME_ZARR, TIFF
from napari_colorcluster.core.files.palettes import json_file
from napari_colorcluster.core.files.pictures.lengths import Lengths, parse_lengths
from napari_colorcluster.core.files.pyramids.ome_zarr import zarr_library
from napari_colorcluster.core.pixels.histogram import ColorHistogram
from napari_colorcluster.core.studies.pooling import check_weights
from napari_colorcluster.core.support.progress import Progress, silent
from napari_colorcluster.study.inputs.left_out import Ignored
from napari_colorcluster.study.measures import Measures


@dataclass(frozen=True)
class StudySettings:
    """What is done with each image of a study.

    Parameters
    ----------
    how : Settings
        How colors are clustered.
    n_clusters : int, "auto" or None
        As in `cluster_colors`.
    pool : "pixels" or "equal", optional
        Cluster the colors of all images together, weighted in this way; by default, each image gets
        a palette of its own.
    clustering : ColorClustering, optional
        A saved clustering to apply to all images; none is computed then.
    lengths : mapping of str to (float, str), optional
        Side lengths of the pixels of all images; by default, those given in each file.
    masks : pathlib.Path, optional
        A folder with a mask for each image.
    ignored : tuple of Ignored
        Colors to leave out.
    measures : Measures
        What is measured besides shares.
    report : bool, default False
        Whether to write a report to look at.
    format : {"tiff", "ome-zarr"}, default "tiff"
        What labels and quantized images are written as.
    represent : {"mean", "mode", "medoid"}, default "mean"
        What represents the clusters that are computed; see `ColorClustering.represent`.
    svg : bool, default False
        Whether to write quantized images as SVG, too.

    Raises
    ------
    ValueError
        Where values do not go together, or a folder is none.
    """

    how: Settings = field(default_factory=Settings)
    n_clusters: int | str | None = DEFAULT_N_CLUSTERS
    pool: str | None = None
    clustering: ColorClustering | None = None
    lengths: Lengths | None = None
    masks: Path | None = None
    ignored: tuple[Ignored, ...] = ()
    measures: Measures = field(default_factory=Measures)
    report: bool = False
    format: str = TIFF
    represent: str = MEAN
    svg: bool = False

    def __post_init__(self) -> None:
        check_representative(self.represent)
        if not is_auto(self.n_clusters):
            checked = self.how.check_n_clusters(self.n_clusters)
            object.__setattr__(self, "n_clusters", checked)
        if self.pool is not None:
            check_weights(self.pool, self.how.options)
            if self.clustering is not None:
                raise ValueError("A saved clustering is applied as it is: it needs no pool.")
        check_choice("format", self.format, FORMATS)
        if self.format == OME_ZARR:
            # All images would be read before each failed.
            zarr_library()
        for name, folder in (("masks", self.masks), ("objects", self.measures.objects)):
            if folder is not None and not folder.is_dir():
                raise ValueError(f"{name} must be a folder of label images, got {folder}.")

    @property
    def min_alpha(self) -> float:
        """The least alpha of a pixel that takes part."""
        return (self.clustering or self.how).min_alpha

    @property
    def calibration(self) -> Any:
        """What makes true colors of those in the files, or None."""
        if self.clustering is not None:
            return self.clustering.settings.get("calibration")
        return self.how.calibration

    def cluster(self, histogram: ColorHistogram, progress: Progress = silent) -> ColorClustering:
        """Cluster the colors of an image, or of a pool."""
        clustering = cluster_histogram(histogram, self.n_clusters, self.how, progress)
        return clustering if self.represent == MEAN else clustering.represent(self.represent)

    def to_dict(self) -> dict[str, Any]:
        """All that results depend on besides the images, as JSON can hold it."""
        stored: dict[str, Any] = {"pool": self.pool}
        if self.clustering is None:
            stored["settings"] = self.how.to_dict(self.n_clusters)
        else:
            stored["clustering"] = json_file.clustering_to_json(self.clustering)
        if self.lengths is not None:
            stored["lengths"] = {axis: list(of) for axis, of in sorted(self.lengths.items())}
        folders = {"masks": self.masks, "objects": self.measures.objects}
        stored |= {name: str(path.resolve()) for name, path in folders.items() if path is not None}
        stored |= {"ignore": list(map(str, self.ignored)), "pattern": self.measures.pattern}
        return stored | {
            "report": self.report,
            "format": self.format,
            "represent": self.represent,
            "svg": self.svg,
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> StudySettings:
        """Take what `to_dict` gave.

        Raises
        ------
        ValueError
            Where it is not valid.
        """
        clustering, own = None, dict(stored.get("settings", {}))
        if "clustering" in stored:
            clustering = json_file.parse_clustering(json_file.dump(stored["clustering"]))
        masks, objects = (stored.get(name) for name in ("masks", "objects"))
        lengths = stored.get("lengths")
        return cls(
            Settings.from_dict(own),
            own.get("n_clusters", DEFAULT_N_CLUSTERS),
            stored.get("pool"),
            clustering,
            None if lengths is None else {axis: tuple(of) for axis, of in lengths.items()},
            None if masks is None else Path(masks),
            tuple(map(Ignored.parse, stored.get("ignore", ()))),
            Measures(bool(stored.get("pattern")), None if objects is None else Path(objects)),
            bool(stored.get("report")),
            stored.get("format", TIFF),
            stored.get("represent", MEAN),
            bool(stored.get("svg")),
        )

    def digest(self, clustering: ColorClustering | None = None) -> str:
        """A text that differs where results do; with a pooled clustering, where that does."""
        text = json.dumps(self.to_dict(), sort_keys=True)
        digest = hashlib.sha256(text.encode())
        if clustering is not None:
            histogram = clustering.histogram
            digest.update(json.dumps(clustering.settings, sort_keys=True).encode())
            digest.update(histogram.colors.tobytes() + histogram.counts.tobytes())
        return digest.hexdigest()


def study_settings(
    n_clusters: int | str | None = DEFAULT_N_CLUSTERS,
    *,
    clustering: ColorClustering | None = None,
    pool: str | None = None,
    pixel_size: str | Lengths | None = None,
    masks: str | Path | None = None,
    ignore: Iterable[str | Ignored] = (),
    objects: str | Path | None = None,
    pattern: bool = False,
    report: bool = False,
    format: str = TIFF,
    represent: str | None = None,
    svg: bool = False,
    method: str = "kmeans",
    color_space: str = "lab",
    **how: Any,
) -> StudySettings:
    """Make settings of the keywords that `run_study` takes; they are described there.

    Raises
    ------
    ValueError
        Where one is not allowed, or does not go with another.
    """
    known = {"standardize", "lightness_weight", "random_state", "min_alpha", "calibration"}
    known |= {"white", "max_distance"}
    own = {name: value for name, value in how.items() if name in known}
    options = {name: value for name, value in how.items() if name not in known}
    if clustering is not None and (limit := own.get("max_distance")) is not None:
        clustering = clustering.leave_out_beyond(limit)
    if clustering is not None and represent is not None:
        clustering = clustering.represent(represent)
    return StudySettings(
        Settings(method, color_space, options=options, **own),
        n_clusters,
        pool,
        clustering,
        parse_lengths(pixel_size) if isinstance(pixel_size, str) else pixel_size,
        None if masks is None else Path(masks),
        tuple(each if isinstance(each, Ignored) else Ignored.parse(each) for each in ignore),
        Measures(pattern, None if objects is None else Path(objects)),
        report,
        format,
        MEAN if represent is None else represent,
        svg,
    )
