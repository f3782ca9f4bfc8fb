"""Does what the README's walk-through says, as a reader would: walk_through.py README JAR DIRECTORY.

Files and commands are the blocks after "walk-through" comments; what follows "exit" is the status that
the text promises for the first command of a block.
"""

import pathlib
import re
import subprocess
import sys

readme, jar, directory = (pathlib.Path(argument).resolve() for argument in sys.argv[1:])
blocks = re.findall(
    r"<!-- walk-through: (.+?) -->\n```\w+\n(.*?)```", readme.read_text(encoding="utf-8"), re.S
)
assert len(blocks) >= 6, f"only {len(blocks)} blocks in {readme}"
espalier = f'espalier() {{ java -jar "{jar}" "$@"; }}\n'
for name, text in blocks:
    if re.fullmatch(r"[\w.]+\.(py|yaml)", name):
        (directory / name).write_text(text, encoding="utf-8")
        continue
    # The reader's own place of the jar, and Debian's Python, which has the libraries.
    commands = re.sub(r"(?m)^espalier\(\).*\n", "", text).replace("python3 ", "/usr/bin/python3 ")
    first, *rest = re.split(r"(?m)^(?=espalier|/usr/bin/python3)", commands)[1:]
    expected = int(name.split()[1]) if name.startswith("exit") else 0
    for command, status in [(first, expected)] + [(command, 0) for command in rest]:
        ended = subprocess.run(
            ["bash", "-c", espalier + command], cwd=directory, capture_output=True, text=True
        )
        print(f"{command.splitlines()[0]} … exit {ended.returncode}")
        if ended.returncode != status:
            sys.exit(f"expected {status}\n{ended.stdout}\n{ended.stderr}")
for pruned in ("careful", "smaller"):
    for file in ("model.onnx", "model.sparse", "report.html", "report.json", "model-card.md"):
        assert (directory / pruned / file).stat().st_size > 0
assert not (directory / "pruned" / "model.onnx").exists()
