"""What every peer needs: the files of a data set, the AUC of the harness, a stopwatch, settings that depend on the width."""

import json
import math
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np


@dataclass
class Table:
    """rows x columns; `values` in whatever order and type the peer reads fastest (see `arrange`)."""

    values: np.ndarray
    target: np.ndarray

    @property
    def rows(self):
        return len(self.target)

    @property
    def columns(self):
        return self.values.shape[1]


def read_table(folder, part, rows, columns):
    """A view of the file: rows x columns in Fortran order, as ours reads it."""
    values = np.fromfile(folder / f"{part}.f64", dtype="<f8").reshape(columns, rows).T
    return Table(values, np.fromfile(folder / f"{part}.u8", dtype=np.uint8))


def read_data(folder, parts=("train", "test")):
    """(shape, tables): without held-out rows the second table is None, and the rows are to be cut by `splits`."""
    folder = Path(folder)
    shape = json.loads((folder / "data.json").read_text())
    sizes = {"train": shape["rows"], "test": shape["testRows"]}
    tables = [
        read_table(folder, part, sizes[part], shape["columns"]) if part in parts and sizes[part] else None
        for part in ("train", "test")
    ]
    return shape, tables


def splits(folder, shape, tables, seed):
    """Pairs of training and held-out rows for a seed: one pair, or one a fold."""
    if "folds" not in shape:
        return [tuple(tables)]
    number, repeats = shape["folds"]["number"], shape["folds"]["repeats"]
    fold = np.fromfile(Path(folder) / "folds.u8", dtype=np.uint8).reshape(repeats, -1)[(seed - 1) % repeats]
    every = tables[0]

    def where(keep):
        return Table(np.asfortranarray(every.values[keep]), every.target[keep])

    return [(where(fold != k), where(fold == k)) for k in range(number)]


def arrange(table, order, dtype):
    """The layout a peer likes best, made before its clock starts."""
    return Table(np.asarray(table.values, dtype=dtype, order=order), table.target)


def rank_auc(scores, target):
    """AUC by ranks, ties shared; the twin of compute/rankAuc.ts."""
    scores = np.asarray(scores, dtype=np.float64)
    order = np.argsort(scores, kind="stable")
    ordered = scores[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    ends = np.r_[starts[1:], len(ordered)]
    ranks = np.repeat((starts + ends + 1) / 2, ends - starts)
    bad = target[order] == 1
    n_bad, n_good = int(bad.sum()), int((~bad).sum())
    if n_bad == 0 or n_good == 0:
        return math.nan
    return float((ranks[bad].sum() - n_bad * (n_bad + 1) / 2) / (n_bad * n_good))


class Watch:
    """Seconds by name."""

    def __init__(self):
        self.seconds = {}

    @contextmanager
    def __call__(self, name):
        start = time.perf_counter()
        yield
        self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - start


def share_of_columns(settings, key, columns):
    """`sqrt` as a share of the columns, as ours rounds it: floor(sqrt(columns)) of them."""
    if settings.get(key) == "sqrt":
        # A hair more than the share: the peers round shares down or to the nearest.
        return {**settings, key: min(1.0, (math.floor(math.sqrt(columns)) + 1e-6) / columns)}
    return settings


@dataclass
class Plain:
    """Trees as flat arrays, in the words of scikit-learn; a row goes left when value <= threshold."""

    combine: str
    base: float
    trees: list

    def outputs(self, x):
        total = np.zeros(len(x))
        for tree in self.trees:
            node = np.zeros(len(x), dtype=np.int64)
            left, right = np.array(tree["children_left"]), np.array(tree["children_right"])
            feature, threshold = np.array(tree["feature"]), np.array(tree["threshold"])
            value, default_left = np.array(tree["value"]), np.array(tree["default_left"])
            while True:
                inner = left[node] >= 0
                if not inner.any():
                    break
                v = x[np.arange(len(x)), np.maximum(feature[node], 0)]
                goes_left = np.where(np.isnan(v), default_left[node] == 1, v <= threshold[node])
                node = np.where(inner, np.where(goes_left, left[node], right[node]), node)
            total += value[node]
        return self.base + (total / len(self.trees) if self.combine == "mean" else total)


def preorder(left, right, feature, threshold, value, cover, default_left):
    """The same tree with children after their parents, as glasscore reads trees."""
    order, stack = [], [0]
    while stack:
        node = stack.pop()
        order.append(node)
        if left[node] >= 0:
            stack += [int(right[node]), int(left[node])]
    place = {node: k for k, node in enumerate(order)}
    inner = [left[node] >= 0 for node in order]

    def pick(values, at_leaf, kind):
        return [kind(values[node]) if inside else at_leaf for node, inside in zip(order, inner)]

    return {
        "children_left": [place[int(left[n])] if i else -1 for n, i in zip(order, inner)],
        "children_right": [place[int(right[n])] if i else -1 for n, i in zip(order, inner)],
        "feature": pick(feature, -1, int),
        "threshold": pick(threshold, 0.0, float),
        "default_left": pick(default_left, 0, int),
        "value": [float(value[n]) for n in order],
        "cover": [float(cover[n]) for n in order],
    }
