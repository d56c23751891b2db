#!/usr/bin/python3
"""Runs one scenario: run.py SCENARIO --hansa PATH. Status 0 only if every step was seen."""
import argparse
import asyncio
import importlib
import pathlib
import random
import shutil
import signal
import sys
import traceback
import warnings

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True  # nothing is written beside the sources
warnings.simplefilter("ignore")  # of the client libraries


def _arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenario", help="a file of scenarios/, or `list`")
    parser.add_argument("--hansa", help="the program under test")
    parser.add_argument("--seed", type=int, default=None, help="of the scenario's random choices")
    parser.add_argument("--kills", type=int, default=20, help="kill_node: how often")
    parser.add_argument("--host", default="prosody", choices=("prosody", "ejabberd", "apart"))
    parser.add_argument("--service", help="a stock room service in place of the node's "
                                          "(conference.b.example): judges the scenario itself")
    parser.add_argument("--keep", action="store_true", help="keep the folder with all logs")
    return parser.parse_args()


async def _play(world, scenario):
    task = asyncio.ensure_future(scenario.play(world))
    for number in (signal.SIGINT, signal.SIGTERM):  # an impatient caller also gets an orderly end
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    try:
        await task
        world.step.done()
        if not world.step.seen:
            raise AssertionError("the scenario has no step")
        return 0
    except (Exception, asyncio.CancelledError) as problem:
        world.step.failed()
        print("".join(traceback.format_exception(problem)), file=sys.stderr)
        print(world.report(), file=sys.stderr)
        return 1
    finally:
        await world.close()


def main():
    arguments = _arguments()
    if arguments.scenario == "list":
        print((HERE / "scenarios.txt").read_text(), end="")
        return 0
    from world import World
    if not arguments.hansa and not arguments.service:
        sys.exit("run.py: --hansa PATH names the program under test")
    if arguments.hansa:
        arguments.hansa = str(pathlib.Path(arguments.hansa).resolve())
    seed = arguments.seed if arguments.seed is not None else random.SystemRandom().randrange(2 ** 32)
    scenario = importlib.import_module(f"scenarios.{arguments.scenario}")
    print(f"{arguments.scenario}: seed {seed}", flush=True)
    world = World(arguments.hansa, seed, arguments.service, arguments.kills, host=arguments.host)
    status = asyncio.run(_play(world, scenario))
    if arguments.keep:
        print(f"kept: {world.folder}")
    else:
        shutil.rmtree(world.folder, ignore_errors=True)
    print(f"{arguments.scenario}: {world.step.seen} steps seen"
          + (f", {len(world.step.skipped)} skipped" if world.step.skipped else "")
          + (", all that there are" if status == 0 else f"; again with --seed {seed}"))
    return status


if __name__ == "__main__":
    sys.exit(main())
