import joblib
import numpy as np
import sklearn
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier, RandomForestRegressor
from sklearn.linear_model import LogisticRegression
from sklearn.tree import DecisionTreeClassifier

from .common import Plain, Watch, arrange, preorder

VERSION = sklearn.__version__
NATIVE = "model.joblib"


def _fit(estimator, train, test, order, dtype):
    train, test = arrange(train, order, dtype), arrange(test, "C", dtype)
    watch = Watch()
    with watch("fit"):
        estimator.fit(train.values, train.target)
    with watch("predict"):
        scores = estimator.predict_proba(test.values)[:, 1]
    return {"seconds": watch.seconds, "scores": scores}


def forest(train, test, peer, threads, seed, trees=None):
    settings = {**peer["settings"], **({"n_estimators": trees} if trees else {})}
    estimator = RandomForestClassifier(**settings, n_jobs=threads, random_state=seed)
    result = _fit(estimator, train, test, "F", np.float32)
    return {**result, "figures": {"nodesPerTree": float(np.mean([t.tree_.node_count for t in estimator.estimators_]))}}


def tree(train, test, peer, threads, seed, trees=None):
    return _fit(DecisionTreeClassifier(**peer["settings"], random_state=seed), train, test, "F", np.float32)


def boosting(train, test, peer, threads, seed, trees=None):
    """Threads are those of OMP_NUM_THREADS."""
    return _fit(HistGradientBoostingClassifier(**peer["settings"], random_state=seed), train, test, "F", np.float64)


def logistic(train, test, peer, threads, seed, trees=None):
    settings = dict(peer["settings"])
    dtype = np.dtype(settings.pop("dtype"))
    estimator = LogisticRegression(**settings, random_state=seed)
    result = _fit(estimator, train, test, "C", dtype)
    w, b = estimator.coef_[0].astype(np.float64), float(estimator.intercept_[0])
    # Chunks: a million rows of doubles are not copied whole.
    gradient, loss = np.zeros(len(w) + 1), 0.0
    for at in range(0, train.rows, 100_000):
        x, y = train.values[at : at + 100_000], train.target[at : at + 100_000]
        z = x @ w + b
        residual = 1 / (1 + np.exp(-z)) - y
        gradient[:-1] += residual @ x
        gradient[-1] += residual.sum()
        loss += np.logaddexp(0, z).sum() - z[y == 1].sum()
    gradient[:-1] += w / settings["C"]
    loss += w @ w / 2 / settings["C"]
    figures = {
        "iterations": int(estimator.n_iter_[0]),
        "largestGradient": float(np.abs(gradient).max() / train.rows),
        "objective": float(loss / train.rows),
    }
    return {**result, "figures": figures}


def make_model(train, model, threads, folder):
    estimator = RandomForestRegressor(**model["settings"], n_jobs=threads, random_state=1)
    estimator.fit(train.values.astype(np.float32), train.target)
    joblib.dump(estimator, folder / NATIVE)
    trees = [
        preorder(
            t.children_left,
            t.children_right,
            t.feature,
            t.threshold,
            t.value[:, 0, 0],
            t.weighted_n_node_samples,
            t.missing_go_to_left,
        )
        for t in (e.tree_ for e in estimator.estimators_)
    ]
    return Plain("mean", 0.0, trees), estimator.predict(train.values[:1000])


def load_model(model, threads=1):
    estimator = joblib.load(model / NATIVE)
    estimator.n_jobs = threads
    return estimator


def predict(model, x, peer, threads):
    estimator = load_model(model, threads)
    x = np.ascontiguousarray(x, dtype=np.float32)
    watch = Watch()
    with watch("fit"):
        scores = estimator.predict(x)
    return {"seconds": watch.seconds, "scores": scores}
