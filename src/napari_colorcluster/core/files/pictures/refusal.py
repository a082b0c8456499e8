"""Why a file is not read, as one sentence for a person; what libraries raise never gets there."""


class Refusal(ValueError):
    """A file that is not read; its message is one sentence that says why and what to do."""


def unnamed_channels(number: int) -> Refusal:
    """Why a picture of some channels is not read, of which nobody says what they are."""
    return Refusal(
        f"The image has {number} channels that are not said to be colors; 3 are needed: red, "
        "green, blue."
    )


DAMAGED = "The file is damaged, truncated or in an unknown format."

RAW = (
    "This is a camera's raw file, whose colors are made by developing it: export it as a TIFF or "
    "PNG of 16 bits from the camera's software, darktable or RawTherapee."
)
