"""Is somebody there, and do they let us in? Ray itself takes half a minute to say neither."""

from __future__ import annotations

import os
import socket
from pathlib import Path

from app.errors import QuorumError

LONGEST = 3.0
"""Seconds in which a port must take a connection."""
GREETING = 10.0
"""Seconds in which Ray must answer there."""
_START = (
    "Check that the cluster runs, that the port is that of its client server (10001 unless another was "
    "chosen), and that Ray has the same version everywhere."
)
_TOKEN = (
    "`ray get-auth-token` on the head shows its token; write it to ~/.ray/auth_token here. Or start the "
    "cluster without one, with RAY_AUTH_MODE=disabled."
)


def knock(host: str, port: int) -> None:
    """Return when the port of a host takes connections; QuorumError that says why it does not."""
    at = f"{host}:{port}"
    try:
        socket.create_connection((host.strip("[]"), port), LONGEST).close()
    except socket.gaierror:
        raise QuorumError(
            f"No machine is known by the name {host}.", "Check the address after --on."
        ) from None
    except TimeoutError:
        raise QuorumError(
            f"{at} did not answer in {LONGEST:.0f} seconds.",
            "Check the address, the network, and that no firewall stands between.",
        ) from None
    except ConnectionRefusedError:
        raise QuorumError(f"Nothing listens at {at}.", _START) from None
    except OSError as error:
        raise QuorumError(
            f"{at} cannot be reached: {error.strerror or error}.", "Check the network."
        ) from None


def take_token_along() -> None:
    """Have Ray show the token that this machine has, unless RAY_AUTH_MODE is set. Call it before Ray loads.

    A head that has a token asks for it without being told to; others show theirs only when told.
    """
    path = Path(os.environ.get("RAY_AUTH_TOKEN_PATH") or Path.home() / ".ray" / "auth_token")
    if os.environ.get("RAY_AUTH_TOKEN") or path.is_file():
        os.environ.setdefault("RAY_AUTH_MODE", "token")


def greet(host: str, port: int) -> None:
    """Return when Ray at a port that listens lets us in; QuorumError if it does not."""
    import grpc
    from ray._private.grpc_utils import init_grpc_channel
    from ray.core.generated import ray_client_pb2 as messages
    from ray.core.generated.ray_client_pb2_grpc import RayletDriverStub

    channel = init_grpc_channel(f"{host}:{port}")
    ping = messages.ClusterInfoRequest(type=messages.ClusterInfoType.PING)
    try:
        RayletDriverStub(channel).ClusterInfo(ping, timeout=GREETING, metadata=[("client_id", "greeting")])
    except grpc.RpcError as error:
        if error.code() is grpc.StatusCode.UNAUTHENTICATED:
            had = os.environ.get("RAY_AUTH_MODE") == "token"
            wanted = "another token than this machine has" if had else "a token, and this machine has none"
            raise QuorumError(f"Ray at {host}:{port} asks for {wanted}.", _TOKEN) from None
        said = " ".join((error.details() or error.code().name).split())[:200]
        raise QuorumError(
            f"What listens at {host}:{port} does not answer as Ray does: {said}", _START
        ) from None
    finally:
        channel.close()
