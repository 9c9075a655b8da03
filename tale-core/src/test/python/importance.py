"""Figures that the tests of dev.tale.importance and dev.tale.stats.KendallTau compare with."""

import numpy as np
from scipy.spatial import cKDTree
from scipy.special import digamma
from scipy.stats import kendalltau
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.preprocessing import StandardScaler


def rows(classes, count=90, width=6):
    """The rows that ScriptedRows makes."""
    i = np.arange(1, count + 1)[:, None]
    j = np.arange(1, width + 1)[None, :]
    y = np.arange(count) % classes
    x = np.sin(1.7 * i * j)
    x[:, 0] += 0.6 * y
    return x.astype(np.float32).astype(np.float64), y


def in_sample(x, y):
    x = StandardScaler().fit_transform(x)
    probe = OneVsRestClassifier(LogisticRegression(C=1, tol=1e-10, max_iter=10000)).fit(x, y)
    shares = np.bincount(y) / len(y)
    entropy = -np.sum(shares * np.log2(shares))
    likelihood = probe.predict_proba(x)[np.arange(len(y)), y]
    return entropy, entropy + np.mean(np.log2(likelihood))


def ross(x, y, k):
    x = StandardScaler().fit_transform(x)
    everything = cKDTree(x)
    terms = []
    for i in range(len(y)):
        same = x[y == y[i]]
        radius = cKDTree(same).query(x[i], k + 1)[0][-1]
        within = len(everything.query_ball_point(x[i], radius * (1 + 1e-12))) - 1
        terms.append(digamma(len(y)) - digamma(len(same)) + digamma(k) - digamma(within))
    return np.mean(terms) / np.log(2)


for classes in (2, 3):
    x, y = rows(classes)
    print(classes, "classes: H, in sample", *in_sample(x, y), "Ross k = 3", ross(x, y, 3))

for one, other in (
    ([1, 2, 3, 4, 5], [3, 1, 2, 5, 4]),
    ([1, 2, 2, 3, 3, 3, 4], [2, 1, 2, 2, 5, 4, 4]),
    ([0.5, -1, 0, 0, 2, 7, 7, 3, 1, 1, 9, -4], [1, 1, 0, 2, 2, 5, 9, 3, 3, -1, 8, 8]),
):
    print("tau-b", kendalltau(one, other).statistic)
