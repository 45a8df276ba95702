"""Put the folder of a data set on the Hugging Face Hub. The one module of the export that knows its client.

Import it where it is needed only: the client takes a noticeable part of a second.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from httpx2 import HTTPError
from huggingface_hub import HfApi
from huggingface_hub.constants import ENDPOINT
from huggingface_hub.errors import (
    HfHubHTTPError,
    HFValidationError,
    LocalTokenNotFoundError,
    OfflineModeIsEnabled,
    RepositoryNotFoundError,
)
from huggingface_hub.utils import disable_progress_bars, logging

from app.errors import ExportError
from app.export.split import NAMES

_ROWS = [f"{folder}/{name}.jsonl" for folder in ("data", "provenance") for name in NAMES]
"""Rows of an earlier publication are deleted: a part that no longer exists would still be loaded."""
_LOG_IN = "Log in with `hf auth login`, or set HF_TOKEN, with a token that may write there."


def publish(folder: Path, repository: str, *, private: bool, message: str) -> str:
    """Upload a folder as the data set `repository` (owner/name) in one commit; return its address.

    The data set is created, private or public, if there is none; an existing one keeps its visibility.
    Raises ExportError with what to do.
    """
    disable_progress_bars()
    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    with _explained(repository):
        api = HfApi(library_name="quorum")
        made = api.create_repo(repository, repo_type="dataset", private=private, exist_ok=True)
        api.upload_folder(
            repo_id=made.repo_id,
            folder_path=folder,
            repo_type="dataset",
            commit_message=message,
            delete_patterns=_ROWS,
        )
    return str(made)


@contextmanager
def _explained(repository: str) -> Iterator[None]:
    """Turn what the client and the system raise into one clear message."""
    try:
        yield
    except HFValidationError:
        raise ExportError(f"{repository} names no data set.", "A name looks like owner/name.") from None
    except OfflineModeIsEnabled:
        raise ExportError("HF_HUB_OFFLINE is set, so nothing is published.", "Unset it.") from None
    except LocalTokenNotFoundError:
        raise ExportError("The Hub does not know who you are.", _LOG_IN) from None
    except RepositoryNotFoundError:
        raise ExportError(f"You may not write to {repository}.", _LOG_IN) from None
    except HfHubHTTPError as error:
        status = error.response.status_code
        hint = _LOG_IN if status in (401, 403) else "Try again later."
        raise ExportError(f"The Hub refuses: {status}.", hint) from None
    except HTTPError as error:
        reason = str(error) or type(error).__name__
        raise ExportError(f"The connection to {ENDPOINT} failed: {reason}.", "Try again later.") from None
    except ValueError as error:
        raise ExportError(f"The Hub does not take the card: {error}.", "Choose another licence.") from None
