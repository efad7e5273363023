"""A real browser for tests: Chromium, told what to do through a pair of pipes.

Chromium speaks its DevTools protocol over two pipes when it is started with
`--remote-debugging-pipe`: messages are JSON, each followed by a null byte. One browser
serves many pages at any width, without a network port.
"""

from __future__ import annotations

import base64
import fcntl
import itertools
import json
import os
import select
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

from cx_warehouse.page import BROWSER_ARGUMENTS, browser

_PATIENCE = 30.0


# The browser reads from descriptor 3 and writes to 4, whatever they are here.
_LAUNCH = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.dup2(int(sys.argv[2]), 4)
os.execvp(sys.argv[3], sys.argv[3:])
"""


def _pipe() -> tuple[int, int]:
    """A pipe whose descriptors are out of the way of those that have a meaning."""
    moved = []
    for descriptor in os.pipe():
        moved.append(fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, 10))
        os.close(descriptor)
    return moved[0], moved[1]


class BrowserError(Exception):
    """The browser says no, or nothing at all."""


@dataclass
class Told:
    """What a page gave away while it was open."""

    # Errors and warnings of the console, the policy's included, and exceptions.
    complaints: list[str] = field(default_factory=list)
    # Every address that was asked for, the page's own first.
    requests: list[str] = field(default_factory=list)


class Chromium:
    """A browser with one tab; a context manager that ends the browser."""

    def __init__(self) -> None:
        self._profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        to_browser, self._writing = _pipe()
        self._reading, from_browser = _pipe()
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-c", _LAUNCH, str(to_browser), str(from_browser)),
                browser(),
                *BROWSER_ARGUMENTS,
                "--remote-debugging-pipe",
                f"--user-data-dir={self._profile.name}",
                "about:blank",
            ],
            pass_fds=(to_browser, from_browser),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(to_browser)
        os.close(from_browser)
        self._numbers = itertools.count(1)
        self._buffer = b""
        self._session: str | None = None
        self.told = Told()
        target = self._call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._call(
            "Target.attachToTarget", targetId=target, flatten=True
        )["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self._call(f"{domain}.enable")

    def __enter__(self) -> Chromium:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            self._session = None
            self._call("Browser.close")
            self._process.wait(10)
        except (BrowserError, OSError, subprocess.TimeoutExpired):
            self._process.kill()
            self._process.wait()
        os.close(self._writing)
        os.close(self._reading)
        self._profile.cleanup()

    def open(self, address: str, width: int, height: int = 900) -> None:
        """Show an address in a window of a width, as a page that is opened anew."""
        self.resize(width, height)
        self._call("Page.navigate", url="about:blank")
        self._settle()
        self.told = Told()
        self._call("Page.navigate", url=address)
        self._settle()

    def go(self, state: str) -> None:
        """Change what stands behind the # of the address, as a link does."""
        self.value(
            f"""
            new Promise((done) => {{
              const old = location.href;
              addEventListener("hashchange", () => setTimeout(done), {{once: true}});
              location.hash = {json.dumps(state)};
              if (location.href === old) done();
            }})
            """
        )

    def resize(self, width: int, height: int = 900) -> None:
        """Give the window another size."""
        self._call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )

    def value(self, expression: str) -> Any:
        """What a script, which may wait, gives."""
        answer = self._call(
            "Runtime.evaluate",
            expression=expression,
            returnByValue=True,
            awaitPromise=True,
        )
        if "exceptionDetails" in answer:
            raise BrowserError(json.dumps(answer["exceptionDetails"])[:2000])
        return answer["result"].get("value")

    def picture(self, path: Path, *, whole: bool = True) -> None:
        """Write what is shown, the whole page or the window, as PNG."""
        answer = self._call("Page.captureScreenshot", captureBeyondViewport=whole)
        path.write_bytes(base64.b64decode(answer["data"]))

    def printed(self) -> bytes:
        """The page as PDF, with its own paper size."""
        answer = self._call(
            "Page.printToPDF", printBackground=True, preferCSSPageSize=True
        )
        return base64.b64decode(answer["data"])

    def _settle(self) -> None:
        deadline = time.monotonic() + _PATIENCE
        while self.value("document.readyState") != "complete":
            if time.monotonic() > deadline:
                raise BrowserError("the page is never ready")
            time.sleep(0.01)

    def _call(self, method: str, **parameters: Any) -> dict[str, Any]:
        number = next(self._numbers)
        message: dict[str, Any] = {"id": number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self._writing, data) :]
        while True:
            answer = self._read()
            if answer.get("id") == number:
                if "error" in answer:
                    raise BrowserError(f"{method}: {answer['error']}")
                return dict(answer["result"])
            self._hear(answer)

    def _read(self) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            if not select.select([self._reading], [], [], _PATIENCE)[0]:
                raise BrowserError(f"no answer within {_PATIENCE:.0f} s")
            read = os.read(self._reading, 1 << 20)
            if not read:
                raise BrowserError("the browser has ended")
            self._buffer += read
        message, _, self._buffer = self._buffer.partition(b"\0")
        return dict(json.loads(message))

    def _hear(self, event: dict[str, Any]) -> None:
        method, given = event.get("method"), event.get("params", {})
        if method == "Runtime.exceptionThrown":
            self.told.complaints.append(json.dumps(given["exceptionDetails"])[:500])
        elif method == "Runtime.consoleAPICalled":
            self.told.complaints.append(json.dumps(given["args"])[:500])
        elif method == "Log.entryAdded":
            self.told.complaints.append(str(given["entry"]["text"]))
        elif method == "Network.requestWillBeSent":
            self.told.requests.append(str(given["request"]["url"]))
