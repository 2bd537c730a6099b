"""Makes `src/data/digits.bin` from the digits in scikit-learn's package.

    python -m pip install scikit-learn==1.9.1
    python tests/references/digits.py

1,797 records of 65 bytes: 64 pixels (8 rows of 8, each 0 to 16), then the digit.
"""

from pathlib import Path

import numpy as np
from sklearn.datasets import load_digits

digits = load_digits()
records = np.column_stack([digits.data, digits.target])
assert records.shape == (1797, 65) and (records == records.astype(np.uint8)).all()
place = Path(__file__).parents[2] / "src/data/digits.bin"
place.write_bytes(records.astype(np.uint8).tobytes())
print(int(digits.data.sum()), [int(n) for n in np.bincount(digits.target)])
