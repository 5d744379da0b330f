"""What left a recorded process through its sockets, put together again."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from tests.disk.recording import Done, What


def http_messages(done: Sequence[Done], begins: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Each whole message over HTTP: from which point on it left, its head, its body.

    Args:
        done: what was done.
        begins: how a message begins, such as b"POST ".
    """
    messages: dict[int, list[tuple[int, bytes]]] = defaultdict(list)
    for at, each in enumerate(done):
        if each.what is not What.SENT:
            continue
        if each.data.startswith(begins):
            messages[each.inode].append((at, each.data))
        elif messages[each.inode]:
            began, so_far = messages[each.inode][-1]
            messages[each.inode][-1] = (began, so_far + each.data)
    for began, message in (one for of_handle in messages.values() for one in of_handle):
        head, _, body = message.partition(b"\r\n\r\n")
        size = re.search(rb"(?i)content-length: (\d+)", head)
        if size is not None and len(body) == int(size[1]):  # else it was cut off
            yield began, head, body
