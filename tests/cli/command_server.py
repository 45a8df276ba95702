"""Runs `quorum` again and again in processes forked from one that has loaded it, which takes a second or two.

A line of JSON on standard input asks for a command: its `arguments`, `folder`, `environment`, and the files
`out` and `err` for what it prints. The answer is a line with its exit status.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import traceback
from typing import Any, NoReturn

from app.cli.main import main, quorum

LONGEST = 300
"""Seconds that a command may take."""


def serve() -> None:
    """Run a command for each line, until there are no more."""
    list(quorum.commands.values())  # loaded once, for all of them
    for line in sys.stdin.buffer:
        child = os.fork()
        if not child:
            _run(json.loads(line))
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _run(asked: dict[str, Any]) -> NoReturn:
    """Become the process that a shell would have started."""
    signal.alarm(LONGEST)
    os.chdir(asked["folder"])
    os.environ.clear()
    os.environ.update(asked["environment"])
    sys.argv = ["quorum", *asked["arguments"]]
    nothing = os.open(os.devnull, os.O_RDONLY)
    out, err = (os.open(asked[name], os.O_WRONLY | os.O_APPEND) for name in ("out", "err"))
    for descriptor, number in ((nothing, 0), (out, 1), (err, 2)):
        os.dup2(descriptor, number)
        os.close(descriptor)
    code = 1
    try:
        main()
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 0
    except BaseException:
        traceback.print_exc()
    for stream in (sys.stdout, sys.stderr):
        if not stream.closed:
            stream.flush()
    os._exit(code)


if __name__ == "__main__":
    serve()
