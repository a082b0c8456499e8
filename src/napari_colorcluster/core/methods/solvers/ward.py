"""Ward's tree of weighted points, exact, in about n log n steps.

Two clusters that are each other's nearest can be merged at once, however close others are: under
Ward's distance no merge brings other clusters closer (Murtagh 1983), so a nearest neighbor, once
found, stays the nearest until it is merged itself. What remains is to find nearest neighbors fast:
a tree of bounding boxes over the centroids rules out most of them. scipy's and scikit-learn's trees
take no weights, and n² memory or time.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from napari_colorcluster.core.methods.solvers.tree import MergeTree
from napari_colorcluster.core.support.compiled import entry, inner
from napari_colorcluster.core.support.progress import Progress, silent

_LANES = 8
"""Children of a node: their bounds are computed at once, in vector registers."""

_WEIGHT = 6
"""The row of a node that holds weights; rows 0 to 2 hold lower, rows 3 to 5 upper corners."""

_SLACK = 1 - 1e-12
"""Factor on bounds, so that rounding rules out no tied cluster: its number decides the tie."""

_MERGES_PER_REPORT = 20_000
"""Merges between two progress reports: about 0.1 s."""


class _Boxes(NamedTuple):
    """A tree of bounding boxes with eight children (lanes) per node; centroids are its leaves.

    The root is node 0, and the child in lane ``i`` of ``node`` is node ``_LANES * node + 1 + i``. A
    lane holds a box and the smallest weight in it; in the bottom nodes, a centroid and its weight.
    An empty lane holds an infinite weight and an empty box.
    """

    nodes: np.ndarray  # (n_nodes, 7, _LANES)
    clusters: np.ndarray  # (n_nodes * _LANES,), the one in each lane of the bottom nodes; else -1
    n_inner: int  # nodes above the bottom


class _State(NamedTuple):
    """The clusters so far, numbered as in a `MergeTree`."""

    place: np.ndarray  # (2 n - 1,), its lane in the bottom nodes; -1 once merged
    nearest: np.ndarray  # (2 n - 1,); -1 while it is in the queue
    follower: np.ndarray  # (2 n - 1,), the last that has this one as nearest; or -1
    previous: np.ndarray  # (2 n - 1,), the next in that linked list; or -1
    height: np.ndarray  # (2 n - 1,), the increase in the sum of squares
    merges: np.ndarray  # (n - 1, 2), in the order of merging
    queue: np.ndarray  # (n,), ring buffer of those without a nearest neighbor
    counters: np.ndarray  # (3,), start and length of the queue, merges done


def ward_tree(points: np.ndarray, weights: np.ndarray, progress: Progress = silent) -> MergeTree:
    """Merge the two clusters whose union adds least to the sum of squares, until one is left.

    Clusters of weights a and b, with centroids d apart, add ``a b / (a + b) d**2``. Of neighbors
    at equal distances, the one that was made first counts as the nearest.

    Parameters
    ----------
    points : ndarray, shape (n, 3), float64
        Distinct points.
    weights : ndarray, shape (n,), float64
        How often each occurs, > 0.
    progress : callable
        Told the fraction of the merges that are done; may raise `Cancelled`.

    Returns
    -------
    MergeTree
        Its heights are ``sqrt(2 a b / (a + b)) d``, those of `scipy.cluster.hierarchy.ward`.
    """
    n = len(points)
    state = _State(
        place=np.full(2 * n - 1, -1),
        nearest=np.full(2 * n - 1, -1),
        follower=np.full(2 * n - 1, -1),
        previous=np.full(2 * n - 1, -1),
        height=np.zeros(2 * n - 1),
        merges=np.empty((n - 1, 2), np.int64),
        queue=np.empty(n, np.int64),
        counters=np.zeros(3, np.int64),
    )
    clusters = np.arange(n)
    done = 0
    while done < n - 1:
        boxes = _build_boxes(points, weights, clusters)
        places = np.flatnonzero(boxes.clusters >= 0)
        state.place[boxes.clusters[places]] = places
        # Once half of the clusters are merged, so many lanes are empty that a new tree pays.
        stop = done + (n - done) // 2
        while done < stop:
            progress(done / (n - 1), "Merging the closest colors")
            limit = min(done + _MERGES_PER_REPORT, stop)
            done = _merge_pairs(tuple(boxes), tuple(state), limit)
        places = np.flatnonzero(boxes.clusters >= 0)
        clusters = boxes.clusters[places]
        lanes = boxes.nodes[places // _LANES, :, places % _LANES]
        points, weights = lanes[:, :3], lanes[:, _WEIGHT]
    progress(1.0, "Merging the closest colors")
    return MergeTree.from_unsorted(state.merges, np.sqrt(2 * state.height[n:]))


def _build_boxes(points: np.ndarray, weights: np.ndarray, clusters: np.ndarray) -> _Boxes:
    """Convert a k-d tree: its leaves are the bottom nodes, every third level is the next one up."""
    from sklearn.neighbors import KDTree

    # The number of leaves is a power of two, their sizes one to two times what is asked for.
    _, order, kd_nodes, _ = KDTree(points, leaf_size=_LANES // 2).get_arrays()
    leaves = kd_nodes[len(kd_nodes) // 2 :]
    leaf = np.repeat(np.arange(len(leaves)), leaves["idx_end"] - leaves["idx_start"])
    lane = np.arange(len(points)) - leaves["idx_start"][leaf]

    n_inner = 0
    while n_inner * (_LANES - 1) + 1 < len(leaves):
        n_inner = _LANES * n_inner + 1
    nodes = np.full((n_inner + len(leaves), 7, _LANES), np.inf)
    nodes[:, 3:6] = -np.inf
    nodes[n_inner + leaf, :, lane] = np.column_stack([points, points, weights])[order]
    first, stop = n_inner, len(nodes)
    while first > 0:
        parent, parent_lane = np.divmod(np.arange(first, stop) - 1, _LANES)
        nodes[parent, :, parent_lane] = nodes[first:stop].min(axis=2)
        nodes[parent, 3:6, parent_lane] = nodes[first:stop, 3:6].max(axis=2)
        first, stop = (first - 1) // _LANES, first

    in_lanes = np.full(len(nodes) * _LANES, -1)
    in_lanes[(n_inner + leaf) * _LANES + lane] = clusters[order]
    return _Boxes(nodes, in_lanes, n_inner)


@entry
def _merge_pairs(boxes, state, stop):
    """Merge mutual nearest neighbors until `stop` merges are done; return how many are."""
    place, nearest, follower, previous, height, merges, queue, counters = state
    n = len(queue)
    start, waiting, done = counters[0], counters[1], counters[2]
    stack = np.empty(16 * _LANES, np.int64)
    bounds = np.empty(16 * _LANES)
    while done < stop:
        if waiting == 0:
            # At first, or where rounding makes a cycle of nearest neighbors: queue all clusters.
            start = 0
            for cluster in range(n + done):
                if place[cluster] >= 0:
                    nearest[cluster] = follower[cluster] = -1
                    queue[waiting] = cluster
                    waiting += 1
        one = queue[start]
        start = (start + 1) % n
        waiting -= 1
        other, distance = _find_nearest(boxes, place[one], stack, bounds)
        nearest[one] = other
        if nearest[other] != one:
            previous[one] = follower[other]
            follower[other] = one
            continue

        merged = n + done
        one, other = min(one, other), max(one, other)
        merges[done, 0], merges[done, 1] = one, other
        # Not below the heights of the two, by rounding.
        height[merged] = max(distance, height[one], height[other])
        place[merged] = _merge_lanes(boxes, place[one], place[other], merged)
        place[one] = place[other] = -1
        done += 1
        for cluster in (one, other):
            orphan = follower[cluster]
            while orphan >= 0:
                if place[orphan] >= 0:
                    nearest[orphan] = -1
                    queue[(start + waiting) % n] = orphan
                    waiting += 1
                orphan = previous[orphan]
        queue[(start + waiting) % n] = merged
        waiting += 1
    counters[0], counters[1], counters[2] = start, waiting, done
    return done


@inner
def _find_nearest(boxes, place, stack, bounds):
    """Find the cluster nearest to the one at `place`, and its distance: a best-first descent."""
    nodes, clusters, n_inner = boxes
    home, lane = place // _LANES, place % _LANES
    x, y, z = nodes[home, 0, lane], nodes[home, 1, lane], nodes[home, 2, lane]
    weight = nodes[home, _WEIGHT, lane]
    distances = np.empty(_LANES)
    nearest, best = -1, np.inf
    stack[0], bounds[0], depth = 0, 0.0, 1
    while depth > 0:
        depth -= 1
        if bounds[depth] > best:
            continue
        node = stack[depth]
        lanes = nodes[node]
        for i in range(_LANES):
            dx = max(lanes[0, i] - x, x - lanes[3, i], 0.0)
            dy = max(lanes[1, i] - y, y - lanes[4, i], 0.0)
            dz = max(lanes[2, i] - z, z - lanes[5, i], 0.0)
            other = lanes[_WEIGHT, i]
            # NaN in an empty lane, and so never the smallest.
            distances[i] = weight * other / (weight + other) * (dx * dx + dy * dy + dz * dz)
        if node >= n_inner:
            for i in range(_LANES):
                found = clusters[node * _LANES + i]
                nearer = distances[i] < best or (distances[i] == best and found < nearest)
                if nearer and node * _LANES + i != place:
                    nearest, best = found, distances[i]
            continue
        bottom = depth
        for i in range(_LANES):
            bound = distances[i] * _SLACK
            if bound <= best:
                at = depth
                while at > bottom and bounds[at - 1] < bound:
                    stack[at], bounds[at] = stack[at - 1], bounds[at - 1]
                    at -= 1
                stack[at], bounds[at] = _LANES * node + 1 + i, bound
                depth += 1
    return nearest, best


@inner
def _merge_lanes(boxes, one, other, merged):
    """Put the union of two clusters in the lane of the larger weight; return that lane."""
    nodes, clusters, _ = boxes
    node, lane = one // _LANES, one % _LANES
    gone, gone_lane = other // _LANES, other % _LANES
    weight = nodes[node, _WEIGHT, lane] + nodes[gone, _WEIGHT, gone_lane]
    share = nodes[gone, _WEIGHT, gone_lane] / weight
    if share > 0.5:
        one, other = other, one
        node, lane, gone, gone_lane = gone, gone_lane, node, lane
        share = 1 - share
    for axis in range(3):
        here, there = nodes[node, axis, lane], nodes[gone, axis, gone_lane]
        nodes[node, axis, lane] = nodes[node, axis + 3, lane] = here + share * (there - here)
        nodes[gone, axis, gone_lane], nodes[gone, axis + 3, gone_lane] = np.inf, -np.inf
    nodes[node, _WEIGHT, lane], nodes[gone, _WEIGHT, gone_lane] = weight, np.inf
    clusters[one], clusters[other] = merged, -1
    _update_boxes(nodes, gone)
    _update_boxes(nodes, node)
    return one


@inner
def _update_boxes(nodes, node):
    """Update the boxes from a changed node towards the root, as far as anything changes."""
    changed = True
    while changed and node > 0:
        parent, lane = (node - 1) // _LANES, (node - 1) % _LANES
        changed = False
        for row in range(_WEIGHT + 1):
            value = nodes[node, row, 0]
            for i in range(1, _LANES):
                if 3 <= row < _WEIGHT:
                    value = max(value, nodes[node, row, i])
                else:
                    value = min(value, nodes[node, row, i])
            if value != nodes[parent, row, lane]:
                nodes[parent, row, lane] = value
                changed = True
        node = parent
