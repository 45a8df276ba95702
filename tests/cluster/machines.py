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
RAY = Path(sys.executable).with_name("ray")
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
        self.head = self.machines[0]
        driver.run("ip", "link", "add", "bridge", "type", "bridge")
        driver.run("ip", "address", "add", f"{HERE}/24", "dev", "bridge")
        driver.run("ip", "link", "set", "bridge", "up")
        for machine in self.machines:
            self._join(machine)

    def _join(self, machine: Machine) -> None:
        """Give a machine its address, and a cable to the bridge."""
        cable, driver = f"to{self.machines.index(machine) + 1}", self.driver
        # Not by `driver.run`: pids are counted from here.
        inside = ["nsenter", "-t", str(driver.pid), "-n", "ip", "link", "add", cable, "type", "veth"]
        subprocess.run([*inside, "peer", "name", "eth0", "netns", str(machine.pid)], check=True)
        driver.run("ip", "link", "set", cable, "master", "bridge", "up")
        machine.run("ip", "address", "add", f"{self.address(machine)}/24", "dev", "eth0")
        machine.run("ip", "link", "set", "eth0", "up")

    def replace(self, machine: Machine) -> Machine:
        """End a machine, and put a new one in its place, with its name and address."""
        machine.close()
        gone = self.driver.command("ip", "link", "delete", f"to{self.machines.index(machine) + 1}")
        subprocess.run(gone, check=False, capture_output=True)  # the kernel may have been there first
        new = Machine(machine.name)
        self.machines[self.machines.index(machine)] = new
        self._join(new)
        return new

    def address(self, machine: Machine) -> str:
        """Return the address of a machine."""
        return f"{BETWEEN}{self.machines.index(machine) + 1}"

    def start_cluster(self, head: Machine, *others: Machine) -> None:
        """Start Ray on these machines, as the manual says; returns when the head takes clients."""
        self.head = head
        self._start_ray(head, 0)
        self._wait_for_port(6379)
        for machine in others:
            self._start_ray(machine, 2)
        self._wait_for_port(10001)

    def stop_ray(self, machine: Machine) -> None:
        """End Ray on a machine."""
        machine.run(RAY, "stop", "--force")

    def _start_ray(self, machine: Machine, cpus: int) -> None:
        head, me = self.address(self.head), self.address(machine)
        where = ["--address", f"{head}:6379"]
        if machine is self.head:
            where = ["--head", "--port", "6379", "--include-dashboard", "false"]
        small = ["--num-cpus", str(cpus), "--object-store-memory", str(80 * 2**20)]
        words = [RAY, "start", *where, "--node-ip-address", me, *small, "--block"]
        temporary = self.folder / machine.name
        temporary.mkdir(exist_ok=True)
        words += ["--temp-dir", str(temporary)]
        machine.start(words, self.folder / f"{machine.name}.log")

    def _wait_for_port(self, port: int) -> None:
        """Wait until the head listens there."""
        knock = f"import socket; socket.create_connection(('{self.address(self.head)}', {port}), 1)"
        until = time.monotonic() + 180
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
        machines = []
        for name in ("driver", "one", "two", "three"):
            machines.append(Machine(name))
            ending.callback(machines[-1].close)
        made = Network(folder, machines[0], machines[1:])
        ending.callback(lambda: [machine.close() for machine in made.machines])
        yield made
