"""The compiled loops of DBSCAN, over pairs of neighboring cells of a grid."""

from napari_colorcluster.core.support.compiled import entry, inner


@entry
def add_neighbors(points, weights, cells, starts, boxes, offset, squared_eps, min_samples, density):
    """Add to each point's density the weight of its neighbors in the cell at one offset.

    Points whose density has reached `min_samples` are skipped: they are core points already.

    Parameters
    ----------
    points, weights : ndarray, shapes (n_points, 3) and (n_points,), float64
        Sorted by the cells of a `Grid`.
    cells, starts : ndarray, shapes (n_cells,) and (n_cells + 1,), int64
        Of that grid. The points of a cell are neighbors.
    boxes : ndarray, shape (n_cells, 2, 3), float64
        The bounding box of the points in each cell.
    offset : int
        The difference between the numbers of the two cells.
    squared_eps : float
        The square of the largest distance between neighbors.
    min_samples : float
        The density of a core point.
    density : ndarray, shape (n_points,), float64
        Changed in place.
    """
    j = 0
    for i in range(len(cells)):
        j = _find_cell(cells, cells[i] + offset, j)
        if j == len(cells):
            return
        if cells[j] != cells[i] + offset:
            continue
        for p in range(starts[i], starts[i + 1]):
            if density[p] >= min_samples:
                continue
            nearest, furthest = _box_distances(points[p], boxes[j])
            if nearest > squared_eps:
                continue
            for q in range(starts[j], starts[j + 1]):
                if furthest <= squared_eps or _distance(points[p], points[q]) <= squared_eps:
                    density[p] += weights[q]
                    if density[p] >= min_samples:
                        break


@entry
def union_neighbors(points, cells, starts, boxes, offset, squared_eps, parents):
    """Unite each cell with the one at an offset, if they hold neighbors (union-find).

    Parameters
    ----------
    points, cells, starts, boxes, offset, squared_eps
        As for `add_neighbors`; core points only.
    parents : ndarray, shape (n_cells,), int64
        A cell of the same component with a lower index; itself at the root. Changed in place.
    """
    j = 0
    for i in range(len(cells)):
        j = _find_cell(cells, cells[i] + offset, j)
        if j == len(cells):
            return
        if cells[j] != cells[i] + offset:
            continue
        a, b = _find_root(parents, i), _find_root(parents, j)
        if a != b and _have_neighbors(points, starts, boxes, i, j, squared_eps):
            parents[max(a, b)] = min(a, b)


@inner
def _find_cell(cells, number, start):
    """Find the first cell from `start` on whose number is at least `number`."""
    while start < len(cells) and cells[start] < number:
        start += 1
    return start


@inner
def _find_root(parents, cell):
    """Find the root of a cell, halving the path."""
    while parents[cell] != cell:
        parents[cell] = parents[parents[cell]]
        cell = parents[cell]
    return cell


@inner
def _have_neighbors(points, starts, boxes, i, j, squared_eps):
    """Tell whether a point of one cell has a neighbor in the other."""
    for p in range(starts[i], starts[i + 1]):
        if _box_distances(points[p], boxes[j])[0] > squared_eps:
            continue
        for q in range(starts[j], starts[j + 1]):
            if _distance(points[p], points[q]) <= squared_eps:
                return True
    return False


@inner
def _distance(p, q):
    """Return the squared distance between two points."""
    return (p[0] - q[0]) ** 2 + (p[1] - q[1]) ** 2 + (p[2] - q[2]) ** 2


@inner
def _box_distances(point, box):
    """Return the squared distances from a point to the nearest and the furthest point of a box."""
    nearest, furthest = 0.0, 0.0
    for axis in range(3):
        below, above = box[0, axis] - point[axis], point[axis] - box[1, axis]
        nearest += max(below, above, 0.0) ** 2
        furthest += min(below, above) ** 2
    return nearest, furthest
