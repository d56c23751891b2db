"""`conversations` on ejabberd."""
from scenarios import conversations


async def play(world):
    await conversations.play(world, "ejabberd")
