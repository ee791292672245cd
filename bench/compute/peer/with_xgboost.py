import json
import math
import re

import numpy as np
import xgboost as xgb

from .common import Plain, Watch, arrange, preorder, share_of_columns

VERSION = xgb.__version__
NATIVE = "model.json"


def _params(settings, columns, threads, seed):
    return {**share_of_columns(settings, "colsample_bynode", columns), "nthread": threads, "seed": seed, "verbosity": 0}


def _train(train, test, peer, threads, seed, rounds, **more):
    params = {**_params(peer["settings"], train.columns, threads, seed), **more}
    train, test = arrange(train, "C", np.float32), arrange(test, "C", np.float32)
    watch = Watch()
    with watch("binning"):
        data = xgb.QuantileDMatrix(train.values, train.target, max_bin=params["max_bin"], nthread=threads)
    with watch("fit"):
        booster = xgb.train(params, data, num_boost_round=rounds)
    with watch("predict"):
        scores = booster.inplace_predict(test.values)
    return {"seconds": watch.seconds, "scores": scores}


def forest(train, test, peer, threads, seed, trees=None):
    return _train(train, test, peer, threads, seed, 1, **({"num_parallel_tree": trees} if trees else {}))


def boosting(train, test, peer, threads, seed, trees=None):
    return _train(train, test, peer, threads, seed, trees or peer["trees"])


def binning(train, peer, threads, seed):
    train = arrange(train, "C", np.float32)
    watch = Watch()
    with watch("binning"):
        xgb.QuantileDMatrix(train.values, max_bin=peer["settings"]["max_bin"], nthread=threads)
    return {"seconds": watch.seconds}


def make_model(train, model, threads, folder):
    params = _params(model["settings"], train.columns, threads, 1)
    booster = xgb.train(params, xgb.QuantileDMatrix(train.values, train.target), num_boost_round=model["trees"])
    booster.save_model(folder / NATIVE)
    raw = booster.predict(xgb.DMatrix(train.values[:1000]), output_margin=True)
    return _plain(json.loads((folder / NATIVE).read_text())["learner"]), raw


def _plain(learner):
    """Splits are x < t on floats: x <= the float before t. Covers are sums of Hessians, as XGBoost's own SHAP takes them."""
    rate = float(re.findall(r"[-+.\dEe]+", learner["learner_model_param"]["base_score"])[0])
    trees = []
    for tree in learner["gradient_booster"]["model"]["trees"]:
        left, right = tree["left_children"], tree["right_children"]
        condition = np.array(tree["split_conditions"], dtype=np.float32)
        threshold = np.nextafter(condition, np.float32(-np.inf), dtype=np.float32)
        trees.append(
            preorder(
                left,
                right,
                tree["split_indices"],
                threshold.astype(np.float64),
                np.where(np.array(left) < 0, condition, 0.0).astype(np.float64),
                tree["sum_hessian"],
                tree["default_left"],
            )
        )
    return Plain("sum", math.log(rate / (1 - rate)), trees)


def _load(model, threads):
    booster = xgb.Booster(model_file=model / NATIVE)
    booster.set_param({"nthread": threads})
    return booster


def shap(model, x, rows, peer, threads):
    booster = _load(model, threads)
    x = np.ascontiguousarray(x[:rows], dtype=np.float32)
    watch = Watch()
    with watch("fit"):
        phi = booster.predict(xgb.DMatrix(x, nthread=threads), pred_contribs=True)
    return {"seconds": watch.seconds, "phi": phi}


def predict(model, x, peer, threads):
    booster = _load(model, threads)
    x = np.ascontiguousarray(x, dtype=np.float32)
    watch = Watch()
    with watch("fit"):
        scores = booster.inplace_predict(x)
    return {"seconds": watch.seconds, "scores": scores}
