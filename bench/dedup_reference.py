"""Dedup in numpy, timed: `nested` is the loop of today's scripts, `blocked` compares blocks with the kept rows only.

Usage: dedup_reference.py nested|blocked FILE DIMENSION THRESHOLD OUT
FILE holds float32 rows; OUT takes a byte a row, 1 where it is kept. Prints the seconds that the dedup took.
"""

import sys
import time

import numpy as np


def nested(vectors, threshold):
    similarity = np.dot(vectors, vectors.T)
    keep = np.ones(len(vectors), dtype=bool)
    for i in range(len(vectors)):
        if not keep[i]:
            continue
        for j in range(i + 1, len(vectors)):
            if similarity[i, j] >= threshold:
                keep[j] = False
    return keep


def blocked(vectors, threshold, rows=1024):
    keep = np.zeros(len(vectors), dtype=bool)
    kept = np.empty_like(vectors)
    count = 0
    for start in range(0, len(vectors), rows):
        block = vectors[start : start + rows]
        free = np.ones(len(block), dtype=bool)
        for first in range(0, count, 16384):
            last = min(first + 16384, count)
            free &= (block @ kept[first:last].T).max(axis=1) < threshold
        within = block @ block.T >= threshold
        for i in np.flatnonzero(free):
            if not free[i]:
                continue
            free[i + 1 :] &= ~within[i, i + 1 :]
        keep[start : start + rows] = free
        added = block[free]
        kept[count : count + len(added)] = added
        count += len(added)
    return keep


way, file, dimension, threshold, out = sys.argv[1:]
vectors = np.fromfile(file, dtype=np.float32).reshape(-1, int(dimension))
start = time.perf_counter()
keep = {"nested": nested, "blocked": blocked}[way](vectors, float(threshold))
print(time.perf_counter() - start)
keep.astype(np.uint8).tofile(out)
