"""Two companies: a.example on Prosody, b.example on ejabberd, each with its component domains for a node;
s2s between them over TLS that is required and judged by a CA of their own."""
import pathlib

import ports
from hosts.certificates import Authority
from hosts.ejabberd import Ejabberd
from hosts.names import Names
from hosts.prosody import Prosody

A_COMPONENTS, B_COMPONENTS = ("rooms.a.example", "team.a.example"), ("rooms.b.example", "team.b.example")
A_MUC, B_MUC = "conference.a.example", "conference.b.example"


async def prosody_and_ejabberd(folder):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    authority = Authority(folder / "authority")
    a_names, b_names = ("a.example", *A_COMPONENTS, A_MUC), ("b.example", *B_COMPONENTS, B_MUC)
    a_address, b_address = ports.own_address(), ports.own_address()
    addresses = {**dict.fromkeys(a_names, a_address), **dict.fromkeys(b_names, b_address)}
    names = await Names(addresses).start(a_address)
    srv_names = await Names(addresses, srv=True).start(b_address)
    authority.issue(folder / "a" / "certs", a_names)
    authority.issue(folder / "b" / "certs", b_names)
    a = Prosody(folder / "a", domains=("a.example",), components=A_COMPONENTS, conferences=(A_MUC,),
                address=a_address,
                federation={"names": f"{names.address}@{names.port}", "ca": authority.certificate})
    a.names = names
    b = Ejabberd(folder / "b", domains=("b.example",), components=B_COMPONENTS, conferences=(B_MUC,),
                 address=b_address,
                 federation={"names": (srv_names.address, srv_names.port), "ca": authority.certificate,
                             "certificate": folder / "b" / "certs" / "b.example"})
    b.names = srv_names
    return [a, b]


async def ejabberd_among_prosodies(folder, pretenders=()):
    """(a, b, …): the node's company on ejabberd, everybody else, pretenders as in Prosody.apart() too, on Prosody."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    authority = Authority(folder / "authority")
    known = [("a.example", *A_COMPONENTS, A_MUC), ("b.example", B_MUC)] + [(domain,) for domain, _ in pretenders]
    places = [ports.own_address() for _ in known]
    addresses = {name: place for place, all_names in zip(places, known) for name in all_names}
    names = await Names(addresses).start(places[1])
    srv_names = await Names(addresses, srv=True).start(places[0])
    folders = [folder / all_names[0].partition(".")[0] for all_names in known]
    for where, all_names in zip(folders, known):
        authority.issue(where / "certs", all_names)
    a = Ejabberd(folders[0], domains=("a.example",), components=A_COMPONENTS, conferences=(A_MUC,),
                 address=places[0],
                 federation={"names": (srv_names.address, srv_names.port), "ca": authority.certificate,
                             "certificate": folders[0] / "certs" / "a.example"})
    a.names = srv_names
    settings = [{"domains": ("b.example",), "components": (), "conferences": (B_MUC,)}]
    settings += [{"domains": (domain,), "components": stolen, "conferences": ()} for domain, stolen in pretenders]
    others = [Prosody(where, address=place, **each,
                      federation={"names": f"{names.address}@{names.port}", "ca": authority.certificate})
              for where, place, each in zip(folders[1:], places[1:], settings)]
    others[0].names = names
    return [a, *others]
