"""`act_as_person` on ejabberd."""
from scenarios import act_as_person


async def play(world):
    await act_as_person.play(world, "ejabberd")
