import numpy as np
import shap as package

from .common import Watch
from .with_sklearn import load_model

VERSION = package.__version__


def shap(model, x, rows, peer, threads):
    """The C extension has one thread. What TreeExplainer prepares (flat arrays of the trees) is timed apart."""
    estimator = load_model(model)
    x = np.ascontiguousarray(x[:rows], dtype=np.float64)
    watch = Watch()
    with watch("prepare"):
        explainer = package.TreeExplainer(estimator, feature_perturbation="tree_path_dependent")
    with watch("fit"):
        phi = explainer.shap_values(x, check_additivity=False)
    base = np.full((rows, 1), np.ravel(explainer.expected_value)[0])
    return {"seconds": watch.seconds, "phi": np.hstack([phi, base])}
