"""`companions` on ejabberd."""
from scenarios import companions


async def play(world):
    await companions.play(world, "ejabberd")
