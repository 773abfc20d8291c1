"""A process of its own that sends reports when they are due: it reads its plan and says what became of each.

It does nothing else, so that it takes little from whom it measures: what is sent is ready before the first is due.
"""

import asyncio
import json
import sys
import time
import urllib.parse
from typing import Any

HOST = "127.0.0.1"


async def send(plan: dict[str, Any]) -> dict[str, Any]:
    """Send every entry when it is due, each sender one after another on one connection, and return what was noted."""
    senders, rate = plan["senders"], plan["rate"]
    ready = [_request(plan, n) for n in range(len(plan["entries"]))]
    ways = [await asyncio.open_connection(HOST, plan["port"]) for _ in senders]
    lasted, acknowledged, refused = [], [], {}
    begun = time.perf_counter() + 0.5

    async def work(sender: int) -> None:
        reader, writer = ways[sender]
        for n in range(sender, len(ready), len(senders)):
            due = begun + n / rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            writer.write(ready[n])
            status = await _answer(reader)
            lasted.append(time.perf_counter() - due)
            if status == 303:
                acknowledged.append(plan["entries"][n]["submission_id"])
            else:
                refused[status] = refused.get(status, 0) + 1

    used = time.process_time()
    await asyncio.gather(*map(work, range(len(senders))))
    seconds, used = time.perf_counter() - begun, time.process_time() - used
    return {"lasted": lasted, "acknowledged": acknowledged, "refused": refused, "seconds": seconds, "cpu": used}


def _request(plan: dict[str, Any], n: int) -> bytes:
    body = urllib.parse.urlencode(plan["entries"][n]).encode()
    here = f"{HOST}:{plan['port']}"
    head = (
        f"POST {plan['path']} HTTP/1.1\r\nHost: {here}\r\nOrigin: http://{here}\r\n"
        f"Cookie: {plan['senders'][n % len(plan['senders'])]['cookie']}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def _answer(reader: asyncio.StreamReader) -> int:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    length = head.partition("content-length:")[2].split("\r\n")[0]
    await reader.readexactly(int(length or 0))
    return int(head.split(" ", 2)[1])


if __name__ == "__main__":
    print(json.dumps(asyncio.run(send(json.load(sys.stdin)))))
