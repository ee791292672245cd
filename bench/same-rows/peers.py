"""scikit-learn on the rows of a run: the same factors, the same training and test rows or folds, the nearest settings.

Usage: python bench/same-rows/peers.py RUN
A run in folds needs folds.csv (export-folds.ts). Prints the AUC of each model beside ours.
"""

import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler
from sklearn.tree import DecisionTreeClassifier

run = Path(sys.argv[1])
table = json.loads((run / "features/features.json").read_text())
metrics = json.loads((run / "metrics.json").read_text())
config = json.loads((run / "train/manifest.json").read_text())["options"]["models"]
x = pd.read_parquet(run / "features/features.parquet").astype({"person_id": str})
y = pd.read_parquet(run / "features/outcomes.parquet").astype({"person_id": str})
data = x.merge(y, on=["person_id", "observation_date"])
data = data[data["status"].isin(["good", "bad"])].reset_index(drop=True)
target = (data["status"] == "bad").to_numpy().astype(int)

present = [f for f in table["factors"] if data[f["name"]].notna().any()]
categories = [f["name"] for f in present if f["kind"] == "category"]
logs = [f["name"] for f in present if f["kind"] != "category" and f["scale"] == "log"]
plain = [f["name"] for f in present if f["kind"] != "category" and f["scale"] == "linear"]


def signed_log(v):
    return np.sign(v) * np.log1p(np.abs(v))


def linear():
    one_hot = OneHotEncoder(handle_unknown="ignore", drop="first", sparse_output=False)
    fill = SimpleImputer(strategy="median", add_indicator=True)
    log = FunctionTransformer(signed_log, feature_names_out="one-to-one")
    return make_column_transformer(
        (make_pipeline(log, fill, StandardScaler()), logs),
        (make_pipeline(SimpleImputer(strategy="median", add_indicator=True), StandardScaler()), plain),
        (make_pipeline(one_hot, StandardScaler()), categories),
    )


def tree_columns():
    return make_column_transformer(
        (OneHotEncoder(handle_unknown="ignore", sparse_output=False), categories), remainder="passthrough"
    )


def models(seed):
    if "logistic" in config:
        c = 1 / config["logistic"]["l2"]
        yield "logistic", make_pipeline(linear(), LogisticRegression(C=c, max_iter=5000))
    if "tree" in config:
        t = config["tree"]
        yield "tree", make_pipeline(
            tree_columns(),
            DecisionTreeClassifier(max_depth=t["maxDepth"], min_samples_leaf=t["minLeaf"], random_state=seed),
        )
    if "forest" in config:
        f = config["forest"]
        yield "forest", make_pipeline(
            tree_columns(),
            RandomForestClassifier(
                n_estimators=f["trees"],
                max_depth=f["maxDepth"],
                min_samples_leaf=f["minLeaf"],
                max_features="sqrt",
                n_jobs=2,
                random_state=seed,
            ),
        )


factors = data[logs + plain + categories]
folds_file = run / "folds.csv"
ours = {name: m["auc"]["value"] for name, m in metrics["models"].items()}
names = [name for name, _ in models(0)]
if metrics["evaluation"] == "out_of_fold":
    folds = pd.read_csv(folds_file, dtype={"person_id": str})
    pooled = {name: np.zeros(len(data)) for name in names}
    repeats = folds["repeat"].max() + 1
    for r in range(repeats):
        of = folds[folds["repeat"] == r].set_index("person_id")["fold"]
        fold = data["person_id"].map(of).to_numpy()
        for k in range(fold.max() + 1):
            for name, model in models(r):
                model.fit(factors[fold != k], target[fold != k])
                p = np.clip(model.predict_proba(factors[fold == k])[:, 1], 1e-6, 1 - 1e-6)
                # the margin of a forest or a tree is pooled as log-odds, like ours
                pooled[name][fold == k] += np.log(p / (1 - p)) / repeats
    theirs = {name: roc_auc_score(target, pooled[name]) for name in names}
else:
    held = pd.read_parquet(run / "train/predictions.parquet").astype({"person_id": str})["person_id"].unique()
    test = data["person_id"].isin(held).to_numpy()
    theirs = {}
    for name, model in models(0):
        model.fit(factors[~test], target[~test])
        theirs[name] = roc_auc_score(target[test], model.predict_proba(factors[test])[:, 1])

print(f"{'model':<10} {'glasscore':>10} {'scikit-learn':>13}")
for name in names:
    print(f"{name:<10} {ours[name]:>10.4f} {theirs[name]:>13.4f}")
