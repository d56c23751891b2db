"""`act_as_room_edges` on ejabberd, and in its rooms."""
from scenarios import act_as_room_edges


async def play(world):
    await act_as_room_edges.play(world, "ejabberd")
