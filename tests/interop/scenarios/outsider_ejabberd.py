"""`outsider` on ejabberd: its rooms relay an occupant's questions otherwise."""
from scenarios import outsider


async def play(world):
    await outsider.play(world, "ejabberd")
