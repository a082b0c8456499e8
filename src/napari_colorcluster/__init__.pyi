# The public names: those that are imported late, that `dir` lists and that type checkers see.
from .core.clustering.clustering import ColorClustering as ColorClustering
from .core.clustering.fitting import cluster_colors as cluster_colors
from .core.clustering.sweep import ClusterSweep as ClusterSweep
from .core.clustering.sweep import sweep_clusters as sweep_clusters
from .core.color.calibration.calibration import Calibration as Calibration
from .core.color.palette import Palette as Palette
from .core.color.spaces import COLOR_SPACES as COLOR_SPACES
from .core.correcting.overlay import Overlay as Overlay
from .core.files.calibrations import read_calibration as read_calibration
from .core.files.palettes import read_clustering as read_clustering
from .core.files.palettes import read_palette as read_palette
from .core.files.pictures.read import read_image as read_image
from .core.files.results import SavedResult as SavedResult
from .core.files.results import read_result as read_result
from .core.methods import METHODS as METHODS
from .core.pattern.measuring import measure_pattern as measure_pattern
from .core.pattern.pattern import Pattern as Pattern
from .core.pixels.histogram import ColorHistogram as ColorHistogram
from .core.pixels.passes import count_colors as count_colors
from .core.pixels.picture import Picture as Picture
from .core.pixels.pixel_size import PixelSize as PixelSize
from .core.studies.comparison import compare_palettes as compare_palettes
from .core.studies.frames import frame_shares as frame_shares
from .core.studies.objects import shares_by_label as shares_by_label
from .core.studies.pooling import pool as pool
from .core.studies.pooling import shares as shares
from .layers.cluster import cluster_layer as cluster_layer
from .layers.images.area import pixel_size_of as pixel_size_of

__version__: str
