"""Design §5: what an operator is told, and what the program does at his signals."""
import json
import re

import acting
import see
from acting import ROOMS, SUPPORT, conversation
from process import output_of


# (what is wrong, what is replaced, by what, words that the message must hold besides the line number)
_BAD = (
    ("an unknown key", 'create = "enterprise"', 'creat = "enterprise"', ("creat",)),
    ("an unknown table", "[node.host]", "[node.hosts]", ("hosts",)),
    ("a value that is none of the words", 'create = "enterprise"', 'create = "everybody"', ("create", "everybody")),
    ("a value of the wrong kind", 'rooms = "rooms.a.example"', "rooms = 5", ("rooms",)),
    ("a domain that is none", 'rooms = "rooms.a.example"', 'rooms = "rooms a example@"', ("rooms",)),
    ("an admin that is no address", '"root@a.example"', '"@@"', ("admins",)),
    ("no such secret file", "secret = ", 'secret_file = "/nowhere/at/all" # ', ("secret_file", "/nowhere/at/all")),
    ("a host over the open network", 'address = "', 'address = "198.51.100.7:5347" # ', ("plaintext",)),
    ("an address without a port", 'address = "', 'address = "127.0.0.1" # ', ("address",)),
    ("broken TOML", "[node]", "[node", ()),
)


async def play(world):
    step = world.step
    host = await world.start_host()
    node = await world.start_node(start=False)

    step("version: one line")
    status, out, _ = await output_of(node.hansa, "version")
    assert status == 0 and "hansa" in out.lower() and re.search(r"\d", out), out

    step("check: a good configuration with its host is good; what A13 needs of the host is named")
    status, out, err = await node.check()
    assert status == 0, out + err
    for setting in ("s2s_require_encryption", "s2s_secure_auth", "s2s_use_starttls: required"):
        assert setting in out, (setting, out)

    good = node.config.read_text()
    for what, old, new, words in _BAD:
        step(f"check: {what}: the message names the key and the line; run refuses it, too")
        bad = good.replace(old, new, 1)
        assert bad != good, old
        line = next(number for number, pair in enumerate(zip(good.splitlines(), bad.splitlines()), 1)
                    if pair[0] != pair[1])
        node.config.write_text(bad)
        status, out, err = await node.check()
        assert status == 1, f"status {status}: {out}{err}"
        text = out + err
        assert all(word in text for word in words), text
        # A broken table is noticed where it ends.
        assert re.search(rf"\b({line}|{line + 1})\b" if what == "broken TOML" else rf"\b{line}\b", text), (line, text)
        assert node.host["secret"] not in text, "a secret was printed"
        status, out, err = await node.run("run", timeout=30)
        assert status not in (0, None) and all(word in out + err for word in words), out + err
    step("check: several faults are told at once")
    node.config.write_text(good.replace("create", "creat").replace("admins", "admin"))
    status, out, err = await node.check()
    assert status == 1 and "creat" in out + err and re.search(r"\badmin\b", out + err), out + err
    step("check: no such file")
    node.config.unlink()
    status, out, err = await node.check()
    assert status == 1 and str(node.config) in out + err, out + err
    node.config.write_text(good)

    step("the secret is wrong: the log names the domain and the secret, but never tells it")
    wrong = await world.start_node(start=False, name="wrong", secret="not-the-right-one")
    await wrong.start(ready=False)
    await wrong.logs(r"rooms\.a\.example.*secret|secret.*rooms\.a\.example", "that the secret is wrong")
    await wrong.stop()
    assert "not-the-right-one" not in wrong.log_tail(10 ** 6)

    step("the host does not know the name: the log says what to add to the host")
    unknown = await world.start_node(start=False, name="unknown", rooms="chambers.a.example")
    await unknown.start(ready=False)
    await unknown.logs(r"chambers\.a\.example", "that the name is not known to the host")
    await unknown.stop()

    step("the first node attaches; to a second one under the same names the log says that they are taken")
    await node.start()
    second = await world.start_node(start=False, name="second")
    await second.start(ready=False)
    await second.logs(r"(rooms|team)\.a\.example.*(already|taken|another|conflict)", "that the name is taken")
    await second.stop()

    step("a room in use; list, show and log tell of it")
    alice = await world.person("alice")
    ann = await world.person("ann", library="aioxmpp")
    bob = await world.person("bob", "b.example")
    await acting.found_support(alice, ann)
    await ann.join(SUPPORT)
    await alice.speak(SUPPORT, "to be found in the log")
    with_bob = await acting.open_by_query(alice, bob.jid)
    assert with_bob == conversation(bob.jid)
    assert SUPPORT in await node.room("list")
    shown = await node.room("show", SUPPORT)
    assert acting.NAME in shown and alice.jid in shown, shown
    assert "to be found in the log" in await node.room("log", SUPPORT)
    status, out, err = await node.run("room", "show", "nothere@rooms.a.example")
    assert status == 1 and "nothere@rooms.a.example" in out + err, out + err

    step("room create, members, export, destroy: by the operator, seen by those who are in")
    hall = "hall@rooms.a.example"
    await node.room("create", hall, "--owner", alice.jid, "--name", "The great hall", "--members-only")
    await node.room("members", "add", hall, ann.jid, "--affiliation", "admin")
    await node.room("members", "add", hall, bob.jid, "--nick", "Bobby")
    listed = await node.room("members", "list", hall)
    assert f"{ann.jid}\tadmin" in listed and f"{bob.jid}\tmember\tperson\tBobby" in listed, listed
    assert (await alice.info(hall))[0][0][2] == "The great hall"
    for each in (alice, ann, bob):
        await each.join(hall)
    await bob.speak(hall, "for the export")
    await node.room("members", "remove", hall, bob.jid)
    await bob.sees(see.gone(hall, "bob", status=321))
    await ann.sees(see.gone(hall, "bob"))
    rows = [json.loads(row) for row in (await node.room("export", hall)).splitlines()]
    assert [row["position"] for row in rows] == list(range(1, len(rows) + 1)), rows
    assert any(row.get("text") == "for the export" and row["speaker"].startswith(bob.jid) for row in rows), rows
    status, out, err = await node.run("room", "create", hall, "--owner", alice.jid)
    assert status == 1 and "already" in err, out + err
    await node.room("destroy", hall, "--reason", "Moved", "--venue", SUPPORT)
    await alice.sees(see.gone(hall, "alice"))
    status, out, err = await node.run("room", "show", hall)
    assert status == 1, out + err

    step("the same by ad-hoc commands, for an admin of the node and nobody else")
    root = await world.person("root")
    await root.command(ROOMS, "room-create", room=hall, owner=alice.jid)
    await root.command(ROOMS, "room-member", room=hall, who=ann.jid, affiliation="member")
    assert ann.jid in await node.room("members", "list", hall)
    rows = (await root.command(ROOMS, "room-members", room=hall)).fields["rows"].split("\n")
    assert f"{ann.jid}\tmember\tperson" in [row.rstrip("\t") for row in rows], rows
    assert any(row.startswith(hall + "\t") for row in (await root.command(ROOMS, "room-list")).fields["rows"].split("\n"))
    shown = (await root.command(ROOMS, "room-show", room=hall)).fields["rows"].split("\n")
    assert f"creator\t{alice.jid}" in shown, shown
    log = (await root.command(ROOMS, "room-log", room=hall, most="1")).fields["rows"].split("\n")
    assert len(log) == 1 and ann.jid in log[0], log
    exported = (await root.command(ROOMS, "room-export", room=hall)).fields["rows"].split("\n")
    assert [json.loads(row)["position"] for row in exported] == list(range(1, len(exported) + 1)), exported
    try:
        await root.command(ROOMS, "room-log", room=hall, since="yesterday")
        raise AssertionError("a time that is none was taken")
    except see.Refused as refused:
        assert refused.condition == "bad-request" and "yesterday" in refused.text, refused.stanza
    await root.command(ROOMS, "room-destroy", room=hall)
    assert hall not in await node.room("list")
    try:
        await alice.command(ROOMS, "room-list")
        raise AssertionError("somebody who is no admin read the list of all rooms")
    except see.Refused as refused:
        assert refused.condition == "forbidden", refused.stanza
    try:
        await alice.command(ROOMS, "room-create", room=hall, owner=alice.jid)
        raise AssertionError("somebody who is no admin used an admin's command")
    except see.Refused as refused:
        assert refused.condition == "forbidden" and refused.text, refused.stanza

    step("SIGHUP: a changed restart key is refused aloud, a broken file, too, and the node goes on")
    mark = node.mark()
    node.config.write_text(good.replace("rooms.a.example", "halls.a.example"))
    node.reload()
    await node.logs(r"rooms.*restart|restart.*rooms", "that `rooms` needs a restart", after=mark)
    mark = node.mark()
    node.config.write_text(good.replace("create", "creat"))
    node.reload()
    await node.logs(r"creat\b", "the unknown key", after=mark)
    await alice.speak(SUPPORT, "still here")

    step("SIGHUP: a live key is applied: from now on only admins create rooms")
    mark = node.mark()
    node.config.write_text(good.replace('create = "enterprise"', 'create = "admins"'))
    node.reload()
    await node.logs(r"appl|reload|create", "that the configuration is applied", after=mark)
    try:
        await ann.join("annex@rooms.a.example")
        raise AssertionError("a room was created by somebody who may not")
    except see.Refused as refused:
        assert refused.condition in ("not-allowed", "forbidden") and refused.text, refused.stanza
    node.config.write_text(good)

    step("the host goes away: the log says which address, and that it is tried again; with the host it is back")
    mark = node.mark()
    await host.kill()
    await node.logs(re.escape(f"{host.address}:{host.component_port}"), "the host's address", after=mark)
    status, out, err = await node.check()
    assert status == 1 and host.address in out + err, out + err
    mark = node.mark()
    await host.start()
    await node.ready(after=mark)

    step("SIGTERM: occupants are told that the service goes down (332), the end is orderly")
    for each in (alice, ann):
        await each.vanish()
        await each.login()
        await each.join(SUPPORT)
    assert await node.stop() == 0, node.log_tail()
    for each in (alice, ann):
        seen = await each.sees(see.gone(SUPPORT, each.name, status=332))
        assert 110 in seen.statuses, seen

    step("list without a running node: a message that tells why")
    status, out, err = await node.run("room", "list")
    assert status == 1 and "admin.sock" in out + err, out + err

    step("the node starts before its host")
    await host.stop()
    await node.start(ready=False)
    await node.logs(re.escape(f"{host.address}:{host.component_port}"), "the host's address")
    await host.start()
    await node.ready()
