"""The loops of DBSCAN, compiled: pairs of neighboring cells of a grid, one step apart at a time."""

from napari_colorcluster.core.support.compiled import entry, inner


@entry
def add_neighbors(points, weights, cells, starts, boxes, step, squared_eps, least, density):
    """Add to each point's density the weight of its neighbors in the cell that is `step` further.

    Points whose density has reached `least` are passed over: they are core points already.

    Parameters
    ----------
    points, weights : ndarray, shapes (n_points, 3) and (n_points,), float64
        In the order of the grid.
    cells, starts : ndarray, shapes (n_cells,) and (n_cells + 1,), int64
        Of a `Grid` over these points; those of a cell are neighbors.
    boxes : ndarray, shape (n_cells, 2, 3), float64
        Lower and upper corner of the points in each cell.
    step : int
        What to add to a cell's number.
    squared_eps : float
        Neighbors are at most so far apart.
    least : float
        The density of a core point.
    density : ndarray, shape (n_points,), float64
        Changed in place.
    """
    j = 0
    for i in range(len(cells)):
        j = _find(cells, cells[i] + step, j)
        if j == len(cells):
            return
        if cells[j] != cells[i] + step:
            continue
        for one in range(starts[i], starts[i + 1]):
            if density[one] >= least:
                continue
            nearest, furthest = _span(points[one], boxes[j])
            if nearest > squared_eps:
                continue
            for other in range(starts[j], starts[j + 1]):
                near = furthest <= squared_eps
                if near or _squared_distance(points[one], points[other]) <= squared_eps:
                    density[one] += weights[other]
                    if density[one] >= least:
                        break


@entry
def join_neighbors(points, cells, starts, boxes, step, squared_eps, parent):
    """Join each cell with the one that is `step` further, where points of both are neighbors.

    Parameters
    ----------
    points, cells, starts, boxes, step, squared_eps
        As for `add_neighbors`; core points only.
    parent : ndarray, shape (n_cells,), int64
        A cell of the same cluster, a lower one; itself at the root. Changed in place.
    """
    j = 0
    for i in range(len(cells)):
        j = _find(cells, cells[i] + step, j)
        if j == len(cells):
            return
        if cells[j] != cells[i] + step:
            continue
        one, other = _root(parent, i), _root(parent, j)
        if one != other and _touch(points, starts, boxes, i, j, squared_eps):
            parent[max(one, other)] = min(one, other)


@inner
def _find(cells, number, start):
    """Find the first cell from `start` on whose number is at least `number`."""
    while start < len(cells) and cells[start] < number:
        start += 1
    return start


@inner
def _root(parent, cell):
    """Climb to the root of a cell's cluster, halving the way for who comes next."""
    while parent[cell] != cell:
        parent[cell] = parent[parent[cell]]
        cell = parent[cell]
    return cell


@inner
def _touch(points, starts, boxes, i, j, squared_eps):
    """Tell whether any point of one cell has a neighbor in the other."""
    for one in range(starts[i], starts[i + 1]):
        if _span(points[one], boxes[j])[0] > squared_eps:
            continue
        for other in range(starts[j], starts[j + 1]):
            if _squared_distance(points[one], points[other]) <= squared_eps:
                return True
    return False


@inner
def _squared_distance(one, other):
    return (one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2 + (one[2] - other[2]) ** 2


@inner
def _span(point, box):
    """Squared distances from a point to the nearest and to the furthest place in a box."""
    nearest, furthest = 0.0, 0.0
    for axis in range(3):
        below, above = box[0, axis] - point[axis], point[axis] - box[1, axis]
        nearest += max(below, above, 0.0) ** 2
        furthest += min(below, above) ** 2
    return nearest, furthest
