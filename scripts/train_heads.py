"""Fit the weights of noisefilter.reliability.heads.

    python scripts/train_heads.py models/heads.jsonl -o noisefilter/reliability/head_weights.py

A row of the data is {"own": true | false, "text": the first three lines}. Prints how many heads are right that a model did not see.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score

from noisefilter.reliability.heads import tokens

# Inverse strength of the L2 penalty; from 0.1 to 1 as many unseen heads are right.
C = 0.3
# Heads that have a token; hundredths of a weight under which it says nothing.
FEWEST, LEAST = 2, 3


def main() -> None:
    """Fit, measure on parts left out, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("-o", "--output", type=Path, required=True)
    options = parser.parse_args()
    rows = [json.loads(line) for line in options.data.read_text(encoding="utf-8").splitlines()]
    counted = CountVectorizer(analyzer=lambda text: list(tokens(text)), min_df=FEWEST, binary=True)
    X, y = counted.fit_transform([row["text"] for row in rows]), [row["own"] for row in rows]
    model = LogisticRegression(C=C, max_iter=2000)
    print(f"right of those left out: {cross_val_score(model, X, y, cv=5).mean():.3f}")
    model.fit(X, y)
    weights = {token: round(100 * model.coef_[0][at]) for token, at in sorted(counted.vocabulary_.items())}
    kept = [f"{token} {weight}" for token, weight in weights.items() if abs(weight) >= LEAST]
    lines = "\n".join("  ".join(kept[at : at + 8]) for at in range(0, len(kept), 8))
    options.output.write_text(
        '"""Weights of tokens of a head, in hundredths; made by scripts/train_heads.py."""\n\n'
        "from __future__ import annotations\n\n"
        f"CONSTANT = {model.intercept_[0]:.3f}\n"
        "# Token and weight, one pair after the other.\n"
        f'_WRITTEN = r"""\n{lines}\n"""\n'
        "_PARTS = _WRITTEN.split()\n"
        "WEIGHTS: dict[str, int] = dict(zip(_PARTS[::2], map(int, _PARTS[1::2]), strict=True))\n",
        encoding="utf-8",
    )


if __name__ == "__main__":
    main()
