import numpy as np
import optbinning
from optbinning import OptimalBinning

from .common import Watch

VERSION = optbinning.__version__


def binning(train, peer, threads, seed, columns=None):
    watch = Watch()
    used = columns or train.columns
    with watch("binning"):
        for j in range(used):
            OptimalBinning(dtype="numerical", **peer["settings"]).fit(np.ascontiguousarray(train.values[:, j]), train.target)
    return {"seconds": watch.seconds}
