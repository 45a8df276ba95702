"""`quorum`: the command group, and the one place where an error is shown on the command line."""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence
from typing import NoReturn

import click

from app import __version__, logs
from app.cli import start, streams
from app.cli.commands import Commands
from app.cli.version import version_option
from app.errors import EXIT_INTERRUPTED, QuorumError, did_you_mean
from app.visible import visible

EXIT_ERROR = 1
_LOG = logging.getLogger(__name__)


@click.group(
    cls=start.RootGroup,
    commands=Commands(),
    default="open",
    default_if_no_args=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@version_option
def quorum() -> None:
    """Make instruction-tuning data with an ensemble of local models, and decide by keyboard.

    Without a command Quorum opens its screens; a first word that is not a command is a project to open.
    """


def main() -> NoReturn:
    """Run the command line; exit 0 done, 1 error, 2 usage, 130 interrupted."""
    streams.prepare()
    if sys.platform == "win32":
        sys.exit(_failed("Quorum runs on Linux and macOS.", "On Windows use it inside WSL."))
    start.begin()
    logs.set_up()
    logs.started(__version__, sys.argv[1:])
    sys.exit(answer(sys.argv[1:]))


def answer(arguments: Sequence[str]) -> int:
    """Run a command and return its exit status; whatever goes wrong ends here, told in a line or two."""
    try:
        code = quorum.main(list(arguments), prog_name="quorum", standalone_mode=False)
        streams.finish()
    except QuorumError as error:
        _LOG.warning("shown: %s", error)
        return _failed(error.message, error.hint)
    except (click.exceptions.Abort, KeyboardInterrupt):
        streams.say("quorum: interrupted")
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        streams.drop_output()
        return EXIT_ERROR
    except click.ClickException as error:
        streams.say(visible(f"quorum: {error.format_message()}"), f"        {_help_for(error, arguments)}")
        return error.exit_code
    except OSError as error:
        _LOG.warning("the system refused", exc_info=error)
        streams.drop_output()
        return _failed(f"The system refused: {error}.", "Check the path, its permissions and the free space.")
    except Exception as error:
        streams.say(f"quorum: {logs.unexpected(error)}")
        return EXIT_ERROR
    return code if isinstance(code, int) else 0


def _help_for(error: click.ClickException, arguments: Sequence[str]) -> str:
    """Say which help tells what is allowed."""
    asked = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else "quorum"
    if asked in ("quorum", "quorum open"):  # `open` is meant where no command is named
        first = next(iter(arguments), "")
        guess = "" if first in quorum.commands else did_you_mean(first, quorum.commands)
        return f"{guess}`quorum --help` lists the commands and their options."
    return f"`{asked} --help` says what is allowed."


def _failed(message: str, hint: str) -> int:
    streams.say(visible(f"quorum: {message}"), *([visible(f"        {hint}")] if hint else []))
    return EXIT_ERROR
