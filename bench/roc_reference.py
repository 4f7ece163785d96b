"""Thresholds from an export with pandas and scikit-learn, timed, CSV included.

Usage: roc_reference.py loop|groupby FILE OUT
`loop` is the loop of today's scripts: a filter of the whole table for each intent. `groupby` groups it once. OUT takes
`{intent: [threshold, j, auc]}`. Prints the seconds, and the peak memory in bytes.
"""

import json
import resource
import sys
import time

import numpy as np
import pandas as pd
from sklearn.metrics import auc, roc_curve


def calculate_optimal_threshold(actuals, scores, max_fpr):
    if len(np.unique(actuals)) < 2:
        return 0.5, 0.0, 0.0
    fpr, tpr, thresholds = roc_curve(actuals, scores)
    roc_auc = auc(fpr, tpr)
    j_scores = tpr - fpr
    j_indices = np.where(j_scores > 0)[0]
    if len(j_indices) == 0:
        return 0.5, 0.0, roc_auc
    valid_indices = [idx for idx in j_indices if fpr[idx] <= max_fpr]
    if not valid_indices:
        valid_indices = [np.argmin(np.abs(fpr - max_fpr))]
    best_idx = valid_indices[np.argmax([j_scores[i] for i in valid_indices])]
    return float(thresholds[best_idx]), float(j_scores[best_idx]), roc_auc


way, file, out = sys.argv[1:]
start = time.perf_counter()
table = pd.read_csv(file)
table["actual_label"] = table["actual_label"].astype(int)
table["predicted_confidence"] = table["predicted_confidence"].astype(float)
results = {}
if way == "loop":
    for intent_id in table["intent_id"].unique():
        part = table[table["intent_id"] == intent_id]
        results[intent_id] = calculate_optimal_threshold(
            part["actual_label"].values, part["predicted_confidence"].values, 0.15
        )
else:
    for intent_id, part in table.groupby("intent_id", sort=False):
        results[intent_id] = calculate_optimal_threshold(
            part["actual_label"].values, part["predicted_confidence"].values, 0.15
        )
seconds = time.perf_counter() - start
with open(out, "w") as file:
    json.dump({key: [float(value) for value in values] for key, values in results.items()}, file)
print(json.dumps({"seconds": seconds, "peakBytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}))
