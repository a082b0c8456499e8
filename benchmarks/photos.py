"""The photos: from scikit-image, scikit-learn or a folder, in any size.

Only numpy is imported at the top: the probes, whose memory is measured, use this module too.
"""

import numpy as np

# Those that skimage.data has without a download.
IN_SCIKIT_IMAGE = [
    "coffee",
    "astronaut",
    "chelsea",
    "rocket",
    "retina",
    "immunohistochemistry",
    "hubble_deep_field",
]
IN_SCIKIT_LEARN = ["china", "flower"]
BUNDLED = [*IN_SCIKIT_IMAGE, *IN_SCIKIT_LEARN]
SUFFIXES = {".bmp", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"}


def bundled_photos(names=BUNDLED):
    """Photos that come with scikit-image and scikit-learn, by name."""
    from skimage import data
    from sklearn.datasets import load_sample_image

    return {
        name: getattr(data, name)() if name in IN_SCIKIT_IMAGE else load_sample_image(f"{name}.jpg")
        for name in names
    }


def photos_in(folder):
    from PIL import Image

    paths = sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)
    return {path.name: np.asarray(Image.open(path).convert("RGB")) for path in paths}


def resized(image, megapixels):
    from PIL import Image

    height, width, _ = image.shape
    scale = (megapixels * 1e6 / (height * width)) ** 0.5
    shape = (round(width * scale), round(height * scale))
    return np.asarray(Image.fromarray(image).resize(shape, Image.Resampling.BICUBIC))


def cup(height=185):
    """scikit-image's coffee cup, by default at 185 × 272 pixels."""
    from skimage import data
    from skimage.transform import resize

    shape = (height, round(height * 272 / 185))
    return np.rint(255 * resize(data.coffee(), shape, anti_aliasing=True)).astype(np.uint8)
