"""Traffic that survives a crash: each talker says numbered things and repeats what was not confirmed.

A message counts when its speaker saw it confirmed: by reflection in a room, by receipt in a chat. Only then
does he say the next one, so what is confirmed is known exactly, and it must never be lost.
"""
import asyncio
import time

import see
from clients.person import WAIT, NotSeen


class Said:
    def __init__(self, body, id):
        self.body, self.id, self.confirmed, self.repeated = body, id, False, False


class Talker:
    """One person in one place. `confirmation(id)` is what confirms a message to him."""

    def __init__(self, person, place, say, confirmation, pause, random):
        self.person, self.place, self._say, self._confirmation = person, place, say, confirmation
        self._pause, self._random = pause, random
        self.said = []

    def __str__(self):
        return f"{self.person.name} in {self.place}"

    async def run(self, crash):
        """Talks until told to stop; what was unconfirmed at a crash is said again after it."""
        number = 0
        while not crash.quiet:
            number += 1
            message = Said(f"{self.person.name} to {self.place.partition('@')[0]}, {len(self.said) + 1}",
                           self.person.new_id())
            self.said.append(message)
            await self._until_confirmed(message, crash)
            # The pace of the talk; not a wait for anything.
            await asyncio.sleep(self._random.uniform(0, self._pause))

    async def _until_confirmed(self, message, crash):
        mark = self.person.mark()
        for attempt in range(1000):
            await crash.up.wait()
            lives, refused = crash.lives, None
            self._say(message.body, message.id)
            message.repeated = message.repeated or attempt > 0
            while lives == crash.lives or not crash.up.is_set():
                try:
                    seen = await self.person.sees(self._confirmation(message.id), 0.5, after=mark, take=False)
                    if seen.type != "error":
                        message.confirmed = True
                        crash.confirmed()
                        return
                    refused, mark = seen, seen.index + 1  # the host: nobody there; or the node: wait
                    await crash.up.wait()
                    break
                except NotSeen:
                    if crash.overdue():
                        raise AssertionError(
                            f"{self}: not confirmed though the node is up: {message.body!r} ({message.id}); "
                            f"last refusal: {refused}\n{self.person.report()}") from None
            await asyncio.sleep(0.02)  # a refusal said `wait`
        raise AssertionError(f"{self}: {message.body!r} was refused a thousand times")


def in_room(person, room, pause, random):
    return Talker(person, room, lambda body, id: person.say(room, body, id),
                  lambda id: see.anything(f"the reflection of {id}", lambda each: each.kind == "message"
                                          and each.room == room and each.id == id), pause, random)


def to_person(person, to, pause, random):
    def confirmation(id):
        received = see.receipt(to, id)
        return see.anything(f"the receipt for {id}", lambda each: received(each) or (
            each.type == "error" and each.room == to and each.id == id))
    return Talker(person, to, lambda body, id: person.chat(to, body, id, receipt=True), confirmation,
                  pause, random)


class Crash:
    """The node's life as the talkers see it."""

    def __init__(self):
        self.up, self.lives, self.quiet, self.kills = asyncio.Event(), 0, False, []
        self.ups = []  # when each life began
        self.count, self._since, self._heard = 0, time.monotonic(), asyncio.Event()

    def is_up(self):
        self.lives += 1
        self.ups.append(time.time())
        self._since = time.monotonic()
        self.up.set()

    def is_down(self):
        self.up.clear()
        self.kills.append(time.time())

    def awake(self, start, end):
        """Seconds of that time in which the node was up."""
        lives = zip(self.ups, [*self.kills, end])
        return sum(max(0.0, min(gone, end) - max(came, start)) for came, gone in lives)

    def overdue(self):
        return self.up.is_set() and time.monotonic() - self._since > 3 * WAIT

    def confirmed(self):
        self.count += 1
        self._since = max(self._since, time.monotonic())
        self._heard.set()

    async def heard(self, more, timeout):
        """Until so many more messages were confirmed."""
        wanted, deadline = self.count + more, time.monotonic() + timeout
        while self.count < wanted:
            self._heard.clear()
            await asyncio.wait_for(self._heard.wait(), deadline - time.monotonic())
