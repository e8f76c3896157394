"""The scenes that can be played."""

from orchestrator.demo.scenes.day_at_the_branch import SCENE as DAY_AT_THE_BRANCH

SCENES = {scene.name: scene for scene in (DAY_AT_THE_BRANCH,)}
