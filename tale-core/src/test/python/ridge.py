"""Ridge regressions by NumPy, for PatchFitTest.

usage: python ridge.py > ../resources/dev/tale/patch/ridge.json

numpy.linalg.lstsq on the rows themselves, below which the square roots of the penalties stand: no
normal equations and no Cholesky factor, which are what the test compares.
"""

import json

import numpy as np

WIDTH = 5
RIDGES = [1e-6, 1e-3, 1e-1, 1.0]


def residual(x, y, a):
    return float(np.linalg.norm(y - x - x @ a) / np.linalg.norm(y))


def main():
    rng = np.random.default_rng(20250502)
    mix = rng.normal(size=(WIDTH, WIDTH)) * [3, 1, 1, 0.1, 10]
    true = 0.3 * rng.normal(size=(WIDTH, WIDTH))

    def rows(n):
        x = (rng.normal(size=(n, WIDTH)) @ mix).astype(np.float32)
        y = (x + x @ true + 0.5 * rng.normal(size=x.shape)).astype(np.float32)
        return x, y

    texts = [rows(n) for n in (7, 3, 12, 9, 4, 6)]
    x, y = (np.concatenate([text[i] for text in texts[:-2]]).astype(np.float64) for i in (0, 1))
    choose, report = ([part.astype(np.float64) for part in text] for text in texts[-2:])
    fits = []
    for ridge in RIDGES:
        penalty = np.sqrt(ridge * (x**2).sum() / WIDTH) * np.eye(WIDTH)
        a = np.linalg.lstsq(
            np.vstack([x, penalty]), np.vstack([y - x, np.zeros((WIDTH, WIDTH))]), rcond=None
        )[0]
        fits.append(
            {
                "ridge": ridge,
                "matrix": a.ravel().tolist(),
                "choosing": residual(*choose, a),
                "reported": residual(*report, a),
            }
        )
    print(
        json.dumps(
            {
                "width": WIDTH,
                "texts": [
                    {"before": b.ravel().tolist(), "after": a.ravel().tolist()} for b, a in texts
                ],
                "without": residual(*report, np.zeros((WIDTH, WIDTH))),
                "fits": fits,
            },
            indent=1,
        )
    )


if __name__ == "__main__":
    main()
