"""One measurement of a peer in a process of its own: reads forest and rows, explains, prints one line of JSON (see run.ts and measured.ts)."""

import json
import os
import re
import resource
import sys
import time

asked = json.loads(sys.argv[1])
# Read once, when the libraries are loaded.
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ[name] = str(asked["threads"])

import gc  # noqa: E402
from pathlib import Path  # noqa: E402

import lightgbm  # noqa: E402
import numpy as np  # noqa: E402

MEBI = 1024


def status(field):
    """MiB that the process holds now (VmRSS), or held at most since it was last asked to forget (VmHWM)."""
    try:
        return int(re.search(rf"^{field}:\s+(\d+) kB", Path("/proc/self/status").read_text(), re.M)[1]) / MEBI
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEBI


def forget_peak():
    """From here on the peak is that of the work, not of what was read."""
    gc.collect()
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        pass


def read_rows(count):
    """The first rows, in the row-major doubles that the peers take."""
    folder = Path(asked["data"])
    shape = json.loads((folder / "data.json").read_text())
    values = np.memmap(folder / "train.f64", dtype="<f8", mode="r", shape=(shape["columns"], shape["rows"]))
    return np.ascontiguousarray(values[:, :count].T)


booster = lightgbm.Booster(model_file=Path(asked["model"]) / "model.txt")
rows = read_rows(asked["rows"])
background = read_rows(asked["background"]) if "background" in asked else None
trees = asked.get("trees")


def with_lightgbm():
    # Its contributions of a forest are of the sum of the trees, and of their mean when divided.
    divide = booster.num_trees()

    def explain(_):
        return booster.predict(rows, pred_contrib=True, num_threads=asked["threads"])

    return (lambda: None), explain, lambda phi: phi[:, :-1] / divide


def with_shap():
    import shap

    divide = booster.num_trees()

    def prepare():
        if background is not None:
            return shap.TreeExplainer(booster, data=background, feature_perturbation="interventional")
        explainer = shap.TreeExplainer(booster, feature_perturbation="tree_path_dependent")
        # It would ask LightGBM for the values, which is measured apart; this is its own algorithm.
        explainer.model.model_type = "internal"
        return explainer

    def explain(explainer):
        return explainer.shap_values(rows, check_additivity=False)

    return prepare, explain, lambda phi: (phi[..., -1] if phi.ndim == 3 else phi) / divide


def with_woodelf():
    import pandas as pd
    from woodelf import WoodelfExplainer

    names = [f"x{j}" for j in range(rows.shape[1])]
    # By column, as it goes through them.
    frame = pd.DataFrame({name: np.ascontiguousarray(rows[:, j]) for j, name in enumerate(names)})
    others = None if background is None else pd.DataFrame({n: np.ascontiguousarray(background[:, j]) for j, n in enumerate(names)})

    def prepare():
        explainer = WoodelfExplainer(booster, others)
        # Without a background it reads the forest with the first rows that it explains.
        if others is None:
            explainer.shap_values(frame.iloc[:2], tree_limit=1, verbose=False)
        return explainer

    def explain(explainer):
        return explainer.shap_values(frame, tree_limit=trees, verbose=False)

    return prepare, explain, lambda phi: phi


def processor():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def timed(work):
    wall, own = time.perf_counter(), processor()
    value = work()
    return value, time.perf_counter() - wall, processor() - own


prepare, explain, values_of = {"lightgbm": with_lightgbm, "shap": with_shap, "woodelf": with_woodelf}[asked["by"]]()
forget_peak()
loaded = status("VmRSS")
explainer, prepare_seconds, prepare_processor = timed(prepare)
phi, explain_seconds, explain_processor = timed(lambda: explain(explainer))
peak = status("VmHWM")
values = np.ascontiguousarray(values_of(np.asarray(phi)[: asked["checked"]]), dtype="<f8")
values.tofile(asked["values"])
print(
    json.dumps(
        {
            "rows": asked["rows"],
            "seconds": {"prepare": prepare_seconds, "explain": explain_seconds},
            "processor": {"prepare": prepare_processor, "explain": explain_processor},
            "memory": {"loaded": loaded, "peak": peak},
            "cpu": processor(),
        }
    )
)
