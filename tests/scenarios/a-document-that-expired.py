# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""What nobody collects is destroyed in time."""

from harness.documents import pdf
from harness.story import equal, refused

ADA = "ada@demo.example"


def story_an_unprinted_job_expires_and_can_never_be_printed(world):
    world.admin.patch("/v1/tenant", {"held_for": 60})  # the shortest there is
    ada = world.api(ADA)
    job = ada.submit(pdf("expires", size=400_000))
    world.wait_job(ada, job["id"], "expired", 150)
    with refused(409):
        ada.release(world.printers["lobby"], [job["id"]])
    equal(world.truth("lobby", "first-byte"), [], "documents in the lobby")
