"""`acting_rights` on ejabberd."""
from scenarios import acting_rights


async def play(world):
    await acting_rights.play(world, "ejabberd")
