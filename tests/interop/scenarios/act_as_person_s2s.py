"""`act_as_person` with Bob on another server, over encrypted and authenticated s2s."""
from scenarios import act_as_person


async def play(world):
    await act_as_person.play(world, "apart")
