"""The scenes that can be played, in the order in which they are played."""

from orchestrator.demo.scenes.a_client_writes import SCENE as A_CLIENT_WRITES
from orchestrator.demo.scenes.day_at_the_branch import SCENE as DAY_AT_THE_BRANCH
from orchestrator.demo.scenes.return_with_a_dent import SCENE as RETURN_WITH_A_DENT

SCENES = {scene.name: scene for scene in (DAY_AT_THE_BRANCH, A_CLIENT_WRITES, RETURN_WITH_A_DENT)}
