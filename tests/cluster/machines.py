"""Machines with addresses of their own, made of namespaces; nothing of them outlives this process."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

BETWEEN = "10.77.0."
HERE = f"{BETWEEN}100"
"""The address of the driver, which sits at the bridge itself."""
OWN_WORLD = ("--net", "--pid", "--fork", "--kill-child", "--mount", "--mount-proc", "--uts")


def why_not() -> str:
    """Say why no namespace can be made here; "" where they can."""
    if missing := [name for name in ("ip", "unshare", "nsenter") if shutil.which(name) is None]:
        return f"{', '.join(missing)}: not installed"
    tried = subprocess.run(["unshare", *OWN_WORLD, "true"], capture_output=True, text=True, check=False)
    return tried.stderr.strip()


class Machine:
    """A world of its own: processes, a name, a network. Its first process reads from a pipe that we hold:
    when we end, however that is, it ends, and with it all that runs there.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._unshare = subprocess.Popen(
            [
                "unshare",
                *OWN_WORLD,
                "sh",
                "-c",
                f"hostname {name} && ip link set lo up && echo up && exec cat",
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self._unshare.stdout and self._unshare.stdout.readline() == b"up\n"
        children = Path(f"/proc/{self._unshare.pid}/task/{self._unshare.pid}/children")
        self.pid = int(children.read_text().split()[0])

    def command(self, *words: str | Path) -> list[str]:
        """Return the command that runs these words there."""
        return ["nsenter", "-t", str(self.pid), "-n", "-p", "-m", "-u", "--", *map(str, words)]

    def run(self, *words: str | Path) -> None:
        """Run a command there to its end."""
        subprocess.run(self.command(*words), check=True, capture_output=True, timeout=60)

    def start(self, words: Sequence[str | Path], log: Path) -> subprocess.Popen[bytes]:
        """Start a command there; what it says goes to a file."""
        with log.open("ab") as out:
            return subprocess.Popen(self.command(*words), stdin=subprocess.DEVNULL, stdout=out, stderr=out)

    def close(self) -> None:
        """End all that runs there."""
        self._unshare.kill()  # takes its child along, and the kernel all others
        self._unshare.communicate()


class Network:
    """Three machines and the driver's, joined by a bridge; it leads nowhere else."""

    def __init__(self, folder: Path, driver: Machine, machines: Sequence[Machine]) -> None:
        self.folder = folder
        self.driver = driver
        self.machines = list(machines)
        driver.run("ip", "link", "add", "bridge", "type", "bridge")
        driver.run("ip", "address", "add", f"{HERE}/24", "dev", "bridge")
        driver.run("ip", "link", "set", "bridge", "up")
        for at, machine in enumerate(self.machines, 1):
            # Not by `driver.run`: pids are counted from here.
            inside = ["nsenter", "-t", str(driver.pid), "-n", "ip", "link", "add", f"to{at}", "type", "veth"]
            subprocess.run([*inside, "peer", "name", "eth0", "netns", str(machine.pid)], check=True)
            driver.run("ip", "link", "set", f"to{at}", "master", "bridge", "up")
            machine.run("ip", "address", "add", f"{self.address(machine)}/24", "dev", "eth0")
            machine.run("ip", "link", "set", "eth0", "up")

    def address(self, machine: Machine) -> str:
        """Return the address of a machine."""
        return f"{BETWEEN}{self.machines.index(machine) + 1}"

    def start_ray(self, machine: Machine, cpus: int) -> None:
        """Have a machine join, as the manual says; the first one is the head."""
        head, me = self.machines[0], self.address(machine)
        where = ["--head", "--port", "6379", "--include-dashboard", "false"]
        if machine is not head:
            where = ["--address", f"{self.address(head)}:6379"]
        ray = Path(sys.executable).with_name("ray")
        small = ["--num-cpus", str(cpus), "--object-store-memory", str(80 * 2**20)]
        words = [ray, "start", *where, "--node-ip-address", me, *small, "--block"]
        temporary = self.folder / machine.name
        temporary.mkdir(exist_ok=True)
        words += ["--temp-dir", str(temporary)]
        machine.start(words, self.folder / f"{machine.name}.log")

    def wait_for_port(self, port: int) -> None:
        """Wait until the head listens there."""
        knock = f"import socket; socket.create_connection(('{self.address(self.machines[0])}', {port}), 1)"
        until = time.monotonic() + 60
        while subprocess.run(
            self.driver.command(sys.executable, "-c", knock), capture_output=True, check=False
        ).returncode:
            assert time.monotonic() < until, f"nothing listens at {port}"

    def cut_off(self, machine: Machine) -> None:
        """Take the machine's cable out."""
        self.driver.run("ip", "link", "set", f"to{self.machines.index(machine) + 1}", "down")

    def bring_back(self, machine: Machine) -> None:
        """Put it in again."""
        self.driver.run("ip", "link", "set", f"to{self.machines.index(machine) + 1}", "up")


@contextmanager
def network(folder: Path) -> Iterator[Network]:
    """Make the machines; all of them end with this."""
    with ExitStack() as ending:
        made = []
        for name in ("driver", "one", "two", "three"):
            made.append(Machine(name))
            ending.callback(made[-1].close)
        yield Network(folder, made[0], made[1:])
