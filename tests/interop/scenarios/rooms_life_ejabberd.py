"""`rooms_life` on ejabberd."""
from scenarios import rooms_life


async def play(world):
    await rooms_life.play(world, "ejabberd")
