"""HTML read in a child process that can be killed: a page may crash the parser or keep it busy for hours, and neither ends the run.

`PageChild` is the parent's side. The child reads a JSON array a line (page, record, described) from its standard input and answers with
a JSON object a line; JSON and not pickle, since the child works on hostile input. The child ends when its standard input does.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import replace
from typing import IO, Any

from noisefilter.corpus.html import read_html
from noisefilter.errors import PageError
from noisefilter.records import Document

# Seconds. The slowest of our test pages takes 0.4; a page beyond 30 was never seen to come to an end.
DEADLINE = 30.0
# Bytes of address space. Pages of a megabyte take some 200 MB.
MEMORY = 4 << 30


class PageChild:
    """Reads pages in a child, which is started with the first page and again after each page that killed it."""

    def __init__(self, deadline: float = DEADLINE) -> None:
        self._deadline = deadline
        self._child: subprocess.Popen[bytes] | None = None

    def __call__(self, page: str, document: Document, described: bool) -> Document:
        """`read_html`, or a `PageError` when the page takes too long or ends the child."""
        answer = self._ask(json.dumps([page, document.url, document.published, described]).encode() + b"\n")
        if "error" in answer:
            raise PageError(answer["error"])
        site = {"site": answer["site"]} if answer.get("site") else {}
        markup = tuple(answer["markup"]) if answer["markup"] is not None else None
        made = replace(document, body=answer["body"], media_type="text/html", url=answer["url"], published=answer["published"])
        return replace(made, markup=markup, extra={**document.extra, **site} if site else document.extra)

    def close(self) -> None:
        """End the child."""
        if self._child is not None:
            self._child.kill()
            self._child.communicate()
            self._child = None

    def _ask(self, line: bytes) -> dict[str, Any]:
        child = self._child = self._child or _start()
        assert child.stdin is not None and child.stdout is not None
        late = threading.Event()

        def end() -> None:
            late.set()
            child.kill()

        timer = threading.Timer(self._deadline, end)
        timer.start()
        try:
            child.stdin.write(line)
            child.stdin.flush()
            answer = child.stdout.readline()
        except BrokenPipeError:
            answer = b""
        finally:
            timer.cancel()
        if not answer.endswith(b"\n"):
            self.close()
            raise PageError(f"the HTML parser took more than {self._deadline:g} s." if late.is_set() else "the HTML parser crashed.")
        found: dict[str, Any] = json.loads(answer)
        return found


def _start() -> subprocess.Popen[bytes]:
    # Modules are looked for where this process looks for them (`-P`: not in the current folder besides, which may be the crawl itself).
    program = f"import sys; sys.path[:] = {sys.path!r}; from noisefilter.corpus.html_child import main; main()"
    # A session of its own, so that the terminal's Ctrl-C is the parent's to answer.
    return subprocess.Popen([sys.executable, "-P", "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)


def serve(requests: IO[bytes], answers: IO[bytes]) -> None:
    """The child: answer each line until there are no more."""
    for line in requests:
        _set_alarm(round(2 * DEADLINE))
        try:
            answer: Mapping[str, Any] = _read(*json.loads(line))
        except PageError as error:
            answer = {"error": str(error)}
        except Exception as error:  # whatever a page does to the parser is that page's trouble
            answer = {"error": f"the HTML parser failed ({type(error).__name__}: {str(error)[:80]})."}
        _set_alarm(0)
        answers.write(json.dumps(answer).encode() + b"\n")
        answers.flush()


def _read(page: str, url: str | None, published: str | None, described: bool) -> dict[str, Any]:
    made = read_html(page, Document("", "", url=url, published=published), described=described)
    return {
        "body": made.body,
        "url": made.url,
        "published": made.published,
        "site": made.extra.get("site"),
        "markup": made.markup,
    }


def _set_alarm(seconds: int) -> None:
    """End this process if it is still at it then, even where nobody is left to kill it; Windows has no alarm."""
    if hasattr(signal, "alarm"):
        signal.alarm(seconds)


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, resource.RLIM_INFINITY))


def main() -> None:
    """Be the child."""
    _limit_memory()
    # What a library prints must not end up among the answers.
    answers, sys.stdout = sys.stdout.buffer, sys.stderr
    serve(sys.stdin.buffer, answers)
