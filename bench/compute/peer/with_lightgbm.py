import lightgbm as lgb
import numpy as np

from .common import Plain, Watch, arrange, preorder, share_of_columns

VERSION = lgb.__version__
NATIVE = "model.txt"


def _params(settings, columns, threads, seed):
    settings = share_of_columns(settings, "feature_fraction_bynode", columns)
    # No setting is left to the clock: LightGBM picks its histograms by trying, which is part of its fit.
    return {**settings, "num_threads": threads, "seed": seed, "verbosity": -1}


def _train(train, test, peer, threads, seed, trees=None):
    params = _params(peer["settings"], train.columns, threads, seed)
    train, test = arrange(train, "F", np.float64), arrange(test, "C", np.float64)
    watch = Watch()
    with watch("binning"):
        data = lgb.Dataset(train.values, train.target, params=params, free_raw_data=True).construct()
    with watch("fit"):
        booster = lgb.train(params, data, num_boost_round=trees or peer["trees"])
    with watch("predict"):
        scores = booster.predict(test.values, num_threads=threads)
    return {"seconds": watch.seconds, "scores": scores}


forest = boosting = _train


def binning(train, peer, threads, seed):
    train = arrange(train, "F", np.float64)
    watch = Watch()
    with watch("binning"):
        lgb.Dataset(train.values, params=_params(peer["settings"], train.columns, threads, seed)).construct()
    return {"seconds": watch.seconds}


def make_model(train, model, threads, folder):
    params = _params(model["settings"], train.columns, threads, 1)
    booster = lgb.train(params, lgb.Dataset(train.values, train.target), num_boost_round=model["trees"])
    booster.save_model(folder / NATIVE)
    plain, raw = _plain(booster), booster.predict(arrange_rows(train.values[:1000]), raw_score=True)
    # The raw score of a forest is the sum of its trees.
    return plain, raw / len(plain.trees) if plain.combine == "mean" else raw


def arrange_rows(x):
    return np.ascontiguousarray(x, dtype=np.float64)


def _plain(booster):
    trees = []
    for tree in booster.dump_model()["tree_info"]:
        nodes = []

        def add(node):
            at = len(nodes)
            nodes.append(node)
            if "split_index" in node:
                if node["decision_type"] != "<=":
                    raise ValueError("only numeric splits are exported")
                node["left"] = add(node["left_child"])
                node["right"] = add(node["right_child"])
            return at

        add(tree["tree_structure"])
        trees.append(
            preorder(
                [n.get("left", -1) for n in nodes],
                [n.get("right", -1) for n in nodes],
                [n.get("split_feature", -1) for n in nodes],
                [n.get("threshold", 0.0) for n in nodes],
                [n.get("leaf_value", n.get("internal_value")) for n in nodes],
                [n.get("leaf_count", n.get("internal_count")) for n in nodes],
                [int(n.get("default_left", False)) for n in nodes],
            )
        )
    return Plain("mean" if booster.params.get("boosting") == "rf" else "sum", 0.0, trees)


def shap(model, x, rows, peer, threads):
    watch = Watch()
    booster = lgb.Booster(model_file=model / NATIVE)
    x = np.ascontiguousarray(x[:rows], dtype=np.float64)
    with watch("fit"):
        phi = booster.predict(x, pred_contrib=True, num_threads=threads)
    return {"seconds": watch.seconds, "phi": phi}


def predict(model, x, peer, threads):
    booster = lgb.Booster(model_file=model / NATIVE)
    x = np.ascontiguousarray(x, dtype=np.float64)
    watch = Watch()
    with watch("fit"):
        scores = booster.predict(x, num_threads=threads)
    return {"seconds": watch.seconds, "scores": scores}
