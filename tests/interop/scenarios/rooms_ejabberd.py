"""`rooms` on ejabberd."""
from scenarios import rooms


async def play(world):
    await rooms.play(world, "ejabberd")
