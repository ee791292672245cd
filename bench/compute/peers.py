"""Runs one job of bench/peers.yaml with one peer, in this process, and prints one line of JSON.

    python bench/compute/peers.py --job forest200k --peer lightgbm --data DATA_FOLDER [--threads 2] [--seed 1]
    python bench/compute/peers.py --make-model lightgbm-depth8 --data DATA_FOLDER --models MODELS_FOLDER

Seconds: startUp (from --spawned, or the start of this file, to the last import), then binning, fit and predict where the peer
tells them apart; `total` is all that counts as the work, without startUp and predict. Reading the files and bringing
them into the layout that the peer likes best is not counted.
"""

import time

STARTED = time.time()

import argparse  # noqa: E402
import json  # noqa: E402
import os  # noqa: E402
import resource  # noqa: E402
from pathlib import Path  # noqa: E402


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--settings", type=Path, default=Path(__file__).parent.parent / "peers.yaml")
    parser.add_argument("--job")
    parser.add_argument("--peer")
    parser.add_argument("--make-model")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--models", type=Path, help="folder of the trees to explain or predict with")
    parser.add_argument("--threads", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--budget", type=float, default=300, help="seconds before a probe is scaled up instead")
    parser.add_argument("--spawned", type=float, help="when this process was asked for, in seconds since 1970")
    return parser.parse_args()


args = arguments()
threads = args.threads or 2
# Read once, when the libraries are loaded.
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = str(threads)

if args.make_model:
    # Not timed: threads that wait give the processor back, for a machine that is busy. Measured runs keep the default.
    os.environ["OMP_WAIT_POLICY"] = "passive"

import importlib  # noqa: E402

import yaml  # noqa: E402

settings = yaml.safe_load(args.settings.read_text())
job = settings["jobs"][args.job] if args.job else None
entry = settings["models"][args.make_model] if args.make_model else job["peers"][args.peer]
module = importlib.import_module(f"peer.with_{entry['module']}")

from peer.common import rank_auc, read_data, splits  # noqa: E402

import numpy as np  # noqa: E402

start_up = time.time() - (args.spawned or STARTED)


def peak():
    """MiB; on Linux ru_maxrss is in KiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def work_seconds(seconds):
    return sum(v for k, v in seconds.items() if k != "predict")


def scaled(seconds, factor):
    return {k: v * factor if k != "predict" and k != "prepare" else v for k, v in seconds.items()}


def train_and_score(work):
    """forest, boosting, logistic, tree: fit, and AUC on held-out rows (the mean over folds where there are folds)."""
    shape, tables = read_data(args.data)
    loaded = peak()
    pairs = splits(args.data, shape, tables, args.seed)
    run = getattr(module, work)
    result = {"rows": shape["rows"], "columns": shape["columns"], "memory": {"loaded": loaded}}
    probe = entry.get("probe", {}).get("trees")
    if probe:
        trees = job["same"]["trees"]
        first = run(*pairs[0], entry, threads, args.seed, trees=probe)
        factor = trees / probe
        if work_seconds(first["seconds"]) * factor > args.budget:
            auc = rank_auc(first["scores"], pairs[0][1].target)
            figures = {**first.get("figures", {}), "aucOfFewerTrees": auc}
            seconds = {**scaled(first["seconds"], factor), "predict": first["seconds"]["predict"] * factor}
            return {**result, "seconds": seconds, "figures": figures, "scaledFrom": {"trees": probe}}
    seconds, aucs, figures = {}, [], {}
    for train, test in pairs:
        done = run(train, test, entry, threads, args.seed)
        for name, value in done["seconds"].items():
            seconds[name] = seconds.get(name, 0.0) + value
        aucs.append(rank_auc(done["scores"], test.target))
        figures = done.get("figures", {})
    return {**result, "seconds": seconds, "auc": float(np.mean(aucs)), "figures": figures}


def bin_columns():
    shape, tables = read_data(args.data, parts=("train",))
    result = {"rows": shape["rows"], "columns": shape["columns"], "memory": {"loaded": peak()}}
    columns = entry.get("probe", {}).get("columns")
    if columns and columns < shape["columns"]:
        seconds = module.binning(tables[0], entry, threads, args.seed, columns=columns)["seconds"]
        return {**result, "seconds": scaled(seconds, shape["columns"] / columns), "scaledFrom": {"columns": columns}}
    return {**result, **module.binning(tables[0], entry, threads, args.seed)}


CHECKED_ROWS = 20


def explain():
    """Fewer rows than the job asks for, scaled up; the values of the first rows are kept, for ours to be held against."""
    shape, tables = read_data(args.data, parts=("train",))
    rows = job["same"]["rows"]
    few = min(rows, entry["probe"]["rows"], shape["rows"])
    result = {"rows": rows, "columns": shape["columns"], "memory": {"loaded": peak()}}
    folder = args.models / entry["model"]
    done = module.shap(folder, tables[0].values, few, entry, threads)
    np.ascontiguousarray(done["phi"][:CHECKED_ROWS], dtype="<f8").tofile(folder / f"phi-{args.peer}.f64")
    figures = {"rowsPerSecond": few / done["seconds"]["fit"]}
    out = {**result, "seconds": scaled(done["seconds"], rows / few), "figures": figures}
    return {**out, "scaledFrom": {"rows": few}} if few < rows else out


def predict():
    shape, tables = read_data(args.data, parts=("train",))
    rows = min(job["same"]["rows"], shape["rows"])
    result = {"rows": rows, "columns": shape["columns"], "memory": {"loaded": peak()}}
    done = module.predict(args.models / entry["model"], tables[0].values[:rows], entry, threads)
    auc = rank_auc(done["scores"], tables[0].target[:rows])
    return {**result, "seconds": done["seconds"], "figures": {"aucOnTheseRows": auc}}


def make_model():
    shape, tables = read_data(args.data, parts=("train",))
    folder = args.models / args.make_model
    folder.mkdir(parents=True, exist_ok=True)
    plain, raw = module.make_model(tables[0], entry, threads, folder)
    gap = float(np.abs(plain.outputs(tables[0].values[:1000]) - raw).max())
    # XGBoost adds up in floats.
    if not gap < 1e-4:
        raise SystemExit(f"{args.make_model}: the exported trees differ from the peer's output by {gap}")
    out = {
        "model": args.make_model,
        "peer": entry["module"],
        "version": module.VERSION,
        "entry": entry,
        "columns": shape["columns"],
        "combine": plain.combine,
        "base": plain.base,
        "gap": gap,
        "nodes": sum(len(t["feature"]) for t in plain.trees),
    }
    temporary = folder / "trees.json.part"
    with temporary.open("w") as file:
        file.write(json.dumps(out)[:-1] + ', "trees": [\n')
        file.write(",\n".join(json.dumps(t, separators=(",", ":")) for t in plain.trees) + "\n]}\n")
    temporary.replace(folder / "trees.json")
    return out


if args.make_model:
    print(json.dumps(make_model()))
else:
    work = job["work"]
    actions = {"binning": bin_columns, "shap": explain, "predict": predict}
    result = actions[work]() if work in actions else train_and_score(work)
    seconds = {"startUp": start_up, **result.pop("seconds")}
    seconds["total"] = work_seconds({k: v for k, v in seconds.items() if k != "startUp"})
    head = {"by": args.peer, "version": module.VERSION, "job": args.job, "threads": threads, "seed": args.seed}
    memory = {**result.pop("memory"), "peak": peak()}
    used = resource.getrusage(resource.RUSAGE_SELF)
    cpu = used.ru_utime + used.ru_stime
    print(json.dumps({**head, **result, "seconds": seconds, "memory": memory, "cpu": cpu}))
