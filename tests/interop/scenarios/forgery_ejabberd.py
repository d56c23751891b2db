"""`forgery` where the node's host is ejabberd, with s2s_use_starttls: required and without dialback."""
from scenarios import forgery


async def play(world):
    await forgery.play(world, "apart_ejabberd")
