"""`act_as_room` on ejabberd, in a room of its own MUC."""
from scenarios import act_as_room


async def play(world):
    await act_as_room.play(world, "ejabberd")
