"""How far apart two colours look, to people of different sight.

OKLab: Björn Ottosson, 2020. Colour blindness of full severity: Machado, Oliveira and Fernandes, 2009,
on linear RGB. Contrast: WCAG 2.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]

SIGHTS: dict[str, Matrix] = {
    "normal": np.eye(3),
    "protan": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deutan": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritan": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}

_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def linear(colour: str) -> Matrix:
    """Linear RGB of "#rrggbb"."""
    c = np.array([int(colour[k : k + 2], 16) for k in (1, 3, 5)]) / 255
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def distance(a: str, b: str, sight: Matrix) -> float:
    """OKLab distance x 100 as somebody of that sight sees it."""
    labs = [_LAB @ np.cbrt(_LMS @ np.clip(sight @ linear(c), 0, 1)) for c in (a, b)]
    return float(np.linalg.norm(labs[0] - labs[1]) * 100)


def contrast(a: str, b: str) -> float:
    shine = sorted(float(linear(c) @ [0.2126, 0.7152, 0.0722]) for c in (a, b))
    return (shine[1] + 0.05) / (shine[0] + 0.05)
