"""A batch whose process is killed, in the way a machine kills, once it has judged so many orders."""

import os
import signal
import sys
from typing import Any

from cds_service import cli
from cds_service.batch import evaluation
from cds_service.judging import judge

if __name__ == "__main__":
    left = int(sys.argv.pop(1))

    def judge_or_die(*words: Any) -> Any:
        global left  # noqa: PLW0603
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return judge(*words)

    evaluation.judge = judge_or_die  # type: ignore[attr-defined]
    cli.main()
