"""The compiled loops that remove specks: who joins whom, and what is one patch then.

Patches that become one keep their numbers: `parents` leads from each of them to one, their root.
"""

from napari_colorcluster.core.pattern.connected.regions import root_of
from napari_colorcluster.core.support.compiled import entry, inner


@entry
def measure_patches(labels, patches, sizes, label_of):
    """Count the pixels of each patch, and note its label."""
    for pixel in range(patches.size):
        patch = patches[pixel]
        if patch >= 0:
            sizes[patch] += 1
            label_of[patch] = labels[pixel]


@entry
def list_pixels(patches, sizes, min_pixels, following, ends):
    """List the pixels of each speck: the first and the last, and which follows on each."""
    for pixel in range(patches.size):
        patch = patches[pixel]
        if patch < 0 or sizes[patch] >= min_pixels:
            continue
        following[pixel] = -1
        if ends[0, patch] < 0:
            ends[0, patch] = pixel
        else:
            following[ends[1, patch]] = pixel
        ends[1, patch] = pixel


@entry
def absorb_specks(
    patches, parents, sizes, label_of, stays, min_pixels, following, ends, lines, behind, borders,
    largest, touched,
):  # fmt: skip
    """Let the specks join their neighbors, the smallest first; patches that stay are none.

    They wait in a line for each size. One that has grown meanwhile goes to the end of the line of
    its new size when its turn comes. The one whose turn it is has no smaller neighbor, so it at
    least doubles: no pixel is looked at more than log2(min_pixels) times.
    """
    for patch in range(parents.size):
        if sizes[patch] < min_pixels and not stays[patch]:
            _wait(patch, sizes[patch], lines, behind)
    for size in range(1, min_pixels):
        while lines[0, size] >= 0:
            speck = lines[0, size]
            lines[0, size] = behind[speck]
            if parents[speck] != speck or stays[speck] or sizes[speck] >= min_pixels:
                continue
            if sizes[speck] > size:
                _wait(speck, sizes[speck], lines, behind)
                continue
            n_touched = _measure_borders(
                patches, parents, sizes, label_of, following, ends, speck, borders, largest, touched
            )
            if n_touched == 0:
                continue
            label = _best_label(borders, largest, touched, n_touched)
            size_of_largest = largest[label]
            for i in range(n_touched):
                borders[touched[i]] = 0
                largest[touched[i]] = 0
            _join(
                patches, parents, sizes, label_of, stays, min_pixels, following, ends, speck, label,
                size_of_largest,
            )  # fmt: skip


@inner
def _wait(speck, size, lines, behind):
    """Put a speck at the end of the line of its size."""
    behind[speck] = -1
    if lines[0, size] < 0:
        lines[0, size] = speck
    else:
        behind[lines[1, size]] = speck
    lines[1, size] = speck


@inner
def _measure_borders(
    patches, parents, sizes, label_of, following, ends, speck, borders, largest, touched
):
    """Sum up a speck's border with each label, and find the largest patch of each there."""
    n_touched = 0
    pixel = ends[0, speck]
    while pixel >= 0:
        for side in range(4):
            other = _neighbor(patches, parents, pixel, side)
            if other >= 0 and other != speck:
                label = label_of[other]
                if borders[label] == 0:
                    touched[n_touched] = label
                    n_touched += 1
                borders[label] += 1
                largest[label] = max(largest[label], sizes[other])
        pixel = following[pixel]
    return n_touched


@inner
def _neighbor(patches, parents, pixel, side):
    """The root of the patch on one side of a pixel; -1 where there is none."""
    height, width = patches.shape
    row, column = pixel // width, pixel % width
    if side == 0:
        row -= 1
    elif side == 1:
        column -= 1
    elif side == 2:
        column += 1
    else:
        row += 1
    if row < 0 or column < 0 or row == height or column == width or patches[row, column] < 0:
        return -1
    return root_of(parents, patches[row, column])


@inner
def _best_label(borders, largest, touched, n_touched):
    best = touched[0]
    for i in range(1, n_touched):
        label = touched[i]
        if borders[label] != borders[best]:
            better = borders[label] > borders[best]
        elif largest[label] != largest[best]:
            better = largest[label] > largest[best]
        else:
            better = label < best
        if better:
            best = label
    return best


@inner
def _join(
    patches, parents, sizes, label_of, stays, min_pixels, following, ends, speck, label,
    size_of_largest,
):  # fmt: skip
    """Make a speck one with all its neighbors of a label; the largest of them is the root.

    All of it stays where one of them does.
    """
    root = parents.size
    pixel = ends[0, speck]
    while pixel >= 0:
        for side in range(4):
            other = _neighbor(patches, parents, pixel, side)
            joined = other >= 0 and other != speck and label_of[other] == label
            if joined and sizes[other] == size_of_largest:
                root = min(root, other)
        pixel = following[pixel]
    pixel = ends[0, speck]
    while pixel >= 0:
        for side in range(4):
            other = _neighbor(patches, parents, pixel, side)
            joined = other >= 0 and other != speck and label_of[other] == label
            if joined and other != root:
                parents[other] = root
                stays[root] |= stays[other]
                _append(other, root, sizes, min_pixels, following, ends)
        pixel = following[pixel]
    parents[speck] = root
    _append(speck, root, sizes, min_pixels, following, ends)


@inner
def _append(patch, root, sizes, min_pixels, following, ends):
    # Nobody asks for the pixels of what is large enough.
    if sizes[root] < min_pixels and sizes[patch] < min_pixels:
        following[ends[1, root]] = ends[0, patch]
        ends[1, root] = ends[1, patch]
    sizes[root] += sizes[patch]


@entry
def write_labels(patches, parents, label_of, labels):
    """Write the label of each pixel's patch."""
    for pixel in range(patches.size):
        patch = patches[pixel]
        labels[pixel] = 0 if patch < 0 else label_of[root_of(parents, patch)]
