"""Figures of scipy 1.17.1 and statsmodels 0.15.0 that the tests of dev.tale.stats hold as constants.

    python -m venv venv && venv/bin/pip install scipy==1.17.1 statsmodels==0.15.0
    venv/bin/python statistics_figures.py
"""
from functools import cache
from types import SimpleNamespace

import numpy as np
from scipy import optimize, stats
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests

SPATIAL_A = [48, 36, 20, 29, 42, 42, 20, 42, 22, 41, 45, 14, 6, 0, 33, 28, 34, 4, 32, 24, 47, 41, 24, 26, 30, 41]
ROWS = [0.9, 0.1, 0.4, 1.7, 0.2, 3.1, 0.05, 0.6]
REPLICATES = [0.61, 0.72, 0.75, 0.79, 0.83, 0.86, 0.88, 0.88, 0.9, 0.93, 0.95, 0.99, 1.02, 1.06, 1.1, 1.17, 1.21, 1.3, 1.42, 1.6]


def constrained_score(gained, lost, rows, difference):
    """(observed - difference) over its standard error, the trinomial's likelihood maximized at that difference by search."""
    def loss(p_lost):
        p_gained = p_lost + difference
        rest = 1 - p_lost - p_gained
        return -sum(k * np.log(max(p, 1e-300)) for k, p in ((gained, p_gained), (lost, p_lost), (rows - gained - lost, rest)) if k)
    low, high = max(0, -difference), (1 - difference) / 2
    p_lost = optimize.minimize_scalar(loss, bounds=(low, high), method="bounded", options={"xatol": 1e-14}).x
    variance = 2 * p_lost + difference - difference ** 2
    return ((gained - lost) / rows - difference) / np.sqrt(variance / rows)


def tango(gained, lost, rows, confidence):
    z, observed = stats.norm.ppf((1 + confidence) / 2), (gained - lost) / rows
    edge = 1e-9
    low = optimize.brentq(lambda d: constrained_score(gained, lost, rows, d) - z, -1 + edge, observed - edge)
    high = optimize.brentq(lambda d: constrained_score(gained, lost, rows, d) + z, observed + edge, 1 - edge)
    return low, high


def bootstrap(method, confidence):
    given = SimpleNamespace(bootstrap_distribution=np.array(REPLICATES))
    return stats.bootstrap((ROWS,), np.mean, n_resamples=0, bootstrap_result=given, method=method,
                           confidence_level=confidence, vectorized=True).confidence_interval


def coverage(n, draw, mean, samples=1500, resamples=1000):
    """Share of samples of n rows whose 95 % interval holds the mean, by method."""
    rng = np.random.default_rng(1)
    tail = stats.norm.cdf(-np.sqrt(n / (n - 1)) * stats.t.ppf(.975, n - 1))
    held = {"percentile": 0, "BCa": 0, "expanded": 0}
    for _ in range(samples):
        rows = getattr(rng, draw)(size=n)
        means = rows[rng.integers(0, n, (resamples, n))].mean(1)
        given = SimpleNamespace(bootstrap_distribution=means)
        bca = stats.bootstrap((rows,), np.mean, n_resamples=0, bootstrap_result=given, method="BCa").confidence_interval
        for method, (low, high) in {"percentile": np.quantile(means, (.025, .975)), "BCa": bca,
                                    "expanded": np.quantile(means, (tail, 1 - tail))}.items():
            held[method] += low <= mean <= high
    return {method: round(count / samples, 2) for method, count in held.items()}


@cache
def rejection(rows, level):
    """By number m of differing rows: the numbers of gained rows at which the exact test rejects."""
    counts = [np.arange(m + 1) for m in range(rows + 1)]
    return [k[2 * stats.binom.cdf(np.minimum(k, len(k) - 1 - k), len(k) - 1, 0.5) <= level] for k in counts]


def power(rows, discordance, gain, level):
    gained = (1 + gain / discordance) / 2
    rejected = [stats.binom.pmf(k, m, gained).sum() for m, k in enumerate(rejection(rows, level))]
    return stats.binom.pmf(np.arange(rows + 1), rows, discordance) @ rejected


def smallest_gain(rows, discordance, level, wanted):
    return optimize.brentq(lambda gain: power(rows, max(discordance, gain), gain, level) - wanted, 1e-6, 1, xtol=1e-10)


def option_bias(scores, gold):
    """Scale, in units of the scores, and biases of options that make the right ones most likely, with a ridge."""
    scores, rows = np.array(scores), np.arange(len(gold))
    centred = scores - scores.mean(1, keepdims=True)
    unit = np.sqrt((centred ** 2).sum() / (scores.size - len(scores)))

    def loss(parameters):
        logits = parameters[0] * centred / unit + parameters[1:]
        top = logits.max(1, keepdims=True)
        likelihood = logits[rows, gold] - top[:, 0] - np.log(np.exp(logits - top).sum(1))
        return -likelihood.sum() + ((parameters[0] - 1) ** 2 + (parameters[1:] ** 2).sum()) / 2
    start = optimize.minimize(loss, [1] + [0] * scores.shape[1], method="BFGS", options={"gtol": 1e-12}).x
    found = optimize.minimize(loss, start, method="Nelder-Mead", options={"xatol": 1e-13, "fatol": 1e-15, "maxiter": 20000}).x
    return float(found[0] / unit), list(map(float, found[1:]))


OPTION_SCORES = [[-3.1, -2.4, -5.0], [-1.0, -0.2, -4.4], [-2.2, -2.9, -3.0], [-6.5, -4.1, -4.0],
                 [-0.7, -0.9, -2.5], [-3.3, -1.9, -2.1], [-5.2, -5.0, -6.1], [-2.8, -1.1, -3.9]]

if __name__ == "__main__":
    print("option bias", option_bias(OPTION_SCORES, [0, 0, 0, 2, 0, 2, 1, 1]))
    for gained, lost in ((1, 7), (5, 16), (150, 86), (40, 20), (3, 1)):
        print("mcnemar", gained, lost, mcnemar([[0, gained], [lost, 0]], exact=True).pvalue)
    for case in ((1, 7, 21, .95), (40, 20, 160, .95), (5, 2, 80, .95), (4, 6, 80, .95), (12, 0, 50, .9), (150, 86, 1600, .99), (1, 0, 44, .95)):
        print("tango", *case, *map("{:.6f}".format, tango(*case)))
    for confidence in (.95, .8, .5):
        print("percentile", confidence, *map(repr, map(float, bootstrap("percentile", confidence))))
    many = stats.bootstrap((SPATIAL_A,), np.var, n_resamples=500_000, method="percentile", confidence_level=.9, rng=1, batch=1000)
    print("spatial A, variance", np.var(SPATIAL_A), "90 %", *many.confidence_interval)
    for n in (5, 8, 13, 50):
        for draw, mean in (("normal", 0), ("exponential", 1)):
            print("coverage", n, draw, coverage(n, draw, mean))
    for p in ((.01, .04, .03, .005), (.02, .02, .9, .5, .001), (.3,), (.6, .7), (.5, 0, 1)):
        for method in ("holm", "bonferroni"):
            print(method, p, list(map(float, multipletests(p, method=method)[1])))
    for case in ((50, .4, .24, .1), (290, .06, .04, .05), (80, .1, .06, .05), (100, .2, .1, .05)):
        print("power", *case, power(*case))
    for case in ((290, .06, .05, .8), (80, .0875, .05, .8), (80, .125, .05, .8), (500, .02, .05, .8), (500, .15, .05, .8), (20, 0, .05, .8), (100, .3, .01, .9), (6, .5, .05, .8)):
        print("smallest", *case, smallest_gain(*case))
