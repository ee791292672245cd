import numpy as np
import ydf

from .common import Watch

VERSION = ydf.__version__


def _table(table, with_target):
    """One array a column; a copy that YDF's own data set is made from, before its clock starts."""
    columns = {f"x{j}": np.ascontiguousarray(table.values[:, j], dtype=np.float32) for j in range(table.columns)}
    return {**columns, "y": table.target.astype(np.int64)} if with_target else columns


def forest(train, test, peer, threads, seed, trees=None):
    ydf.verbose(0)
    settings = {**peer["settings"], **({"num_trees": trees} if trees else {})}
    learner = ydf.RandomForestLearner(
        label="y", task=ydf.Task.CLASSIFICATION, num_threads=threads, random_seed=seed, **settings
    )
    train, test = _table(train, True), _table(test, False)
    watch = Watch()
    with watch("fit"):
        model = learner.train(train)
    with watch("predict"):
        scores = model.predict(test, num_threads=threads)
    return {"seconds": watch.seconds, "scores": scores}
