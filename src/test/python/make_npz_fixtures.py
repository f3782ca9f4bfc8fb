"""Writes src/test/resources/fixtures/npz with NumPy itself. Run from the root of the repository."""
import os

import numpy as np

OUT = "src/test/resources/fixtures/npz"
os.makedirs(OUT, exist_ok=True)
x = (np.arange(24, dtype=np.float32) / 8).reshape(4, 2, 3)
y = np.array([0, 1, 2, 1], dtype=np.int64)

np.savez(f"{OUT}/stored.npz", x=x, y=y)
np.savez_compressed(f"{OUT}/deflated.npz", x=x, y=y)
np.savez(f"{OUT}/fortran.npz", x=np.asfortranarray(x), y=y)
np.savez(f"{OUT}/big-endian.npz", x=np.asfortranarray(x.astype(">f4")), y=y.astype(">i8"))
np.savez(f"{OUT}/objects.npz", x=np.array([{"a": 1}, None], dtype=object), y=y)
np.savez(
    f"{OUT}/types.npz",
    half=x.astype(np.float16),
    double=x.astype(np.float64),
    byte=(x * 8).astype(np.uint8),
    signed=(x * 8).astype(np.int8),
    int=(x * 8).astype(np.int32),
    bool=x > 1,
)
