"""Two processes at work for one that is killed by them: each holds the output open until it ends."""

import os
import signal
import threading

from cds_service.batch.engines import Engine, each_done


def kill_parent_and_go_on(_: int) -> None:
    os.kill(os.getppid(), signal.SIGKILL)
    threading.Event().wait()


if __name__ == "__main__":
    list(each_done(Engine(workers=2), kill_parent_and_go_on, [1, 2]))
