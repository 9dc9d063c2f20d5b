"""Stands on the path of the tests and of every Python that they start: whoever asks for another machine is refused and written down.

Python runs a module of this name when it starts. What is refused stands in the file NO_NETWORK_LOG too, since a library may hide the error.
"""

from __future__ import annotations

import os
import sys

HERE = {"", "0.0.0.0", "127.0.0.1", "::", "::1", "localhost", None}


def refuse(event: str, words: tuple[object, ...]) -> None:
    """An audit hook; it cannot be taken off again."""
    if event in ("socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg"):
        address = words[1]
        host = address[0] if isinstance(address, tuple) else None
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = words[0]
    else:
        return
    host = host.decode() if isinstance(host, bytes) else host
    if host not in HERE:
        with open(os.environ.get("NO_NETWORK_LOG", os.devnull), "a", encoding="utf-8") as log:
            log.write(f"{event} {host} by {sys.argv}\n")
        raise PermissionError(f"the tests run without a network, and {event} asked for {host}")


sys.addaudithook(refuse)
