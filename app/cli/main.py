"""`quorum`: the command group, and the one place where an error is shown on the command line."""

from __future__ import annotations

import logging
import sys
from typing import NoReturn

import click
from click_default_group import DefaultGroup

from app import __version__, logs
from app.cli.commands import Commands
from app.cli.version import version_option
from app.errors import EXIT_INTERRUPTED, QuorumError, did_you_mean
from app.visible import visible

EXIT_ERROR = 1
_LOG = logging.getLogger(__name__)


@click.group(
    cls=DefaultGroup,
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
    if sys.platform == "win32":
        _fail("Quorum runs on Linux and macOS.", "On Windows use it inside WSL.")
    logs.set_up()
    logs.started(__version__, sys.argv[1:])
    try:
        code = quorum.main(prog_name="quorum", standalone_mode=False)
    except QuorumError as error:
        _LOG.warning("shown: %s", error)
        _fail(error.message, error.hint)
    except click.exceptions.Abort:
        sys.exit(EXIT_INTERRUPTED)
    except KeyboardInterrupt:
        sys.exit(EXIT_INTERRUPTED)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(EXIT_ERROR)
    except click.ClickException as error:
        print(visible(f"quorum: {error.format_message()}"), file=sys.stderr)
        print(f"        {_help_for(error)}", file=sys.stderr)
        sys.exit(error.exit_code)
    except OSError as error:
        _LOG.warning("the system refused", exc_info=error)
        _fail(f"The system refused: {error}.", "Check the path, its permissions and the free space.")
    except Exception as error:
        print(f"quorum: {logs.unexpected(error)}", file=sys.stderr)
        sys.exit(EXIT_ERROR)
    sys.exit(code if isinstance(code, int) else 0)


def _help_for(error: click.ClickException) -> str:
    """Say which help tells what is allowed."""
    asked = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else "quorum"
    if asked in ("quorum", "quorum open"):  # `open` is meant where no command is named
        first = next(iter(sys.argv[1:]), "")
        guess = "" if first in quorum.commands else did_you_mean(first, quorum.commands)
        return f"{guess}`quorum --help` lists the commands and their options."
    return f"`{asked} --help` says what is allowed."


def _fail(message: str, hint: str) -> NoReturn:
    print(visible(f"quorum: {message}"), file=sys.stderr)
    if hint:
        print(visible(f"        {hint}"), file=sys.stderr)
    sys.exit(EXIT_ERROR)
