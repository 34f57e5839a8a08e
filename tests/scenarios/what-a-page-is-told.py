# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""The live stream: what an open page is told, what it is not, and how the stream ends and goes on."""

from harness import demo_world as demo
from harness.agents import PlayedAgent
from harness.client import Refused, basic
from harness.documents import pdf
from harness.judged import Judged
from harness.live import Listener
from harness.pages import Page
from harness.process import wait_until
from harness.story import equal, refused

ADA, GRACE, ALAN = "ada@demo.example", "grace@demo.example", "alan@demo.example"
SETTINGS = {"service": {"live.of_session": "2", "live.of_person": "4", "live.check": "1s", "live.kept": "200"}}


def listen(world, email, **more):
    return Listener(world, basic(email, demo.PASSWORD), **more)


def kinds(listener):
    return {d["kind"] for d in listener.told()}


def story_whose_job_it_is_sees_it_come_and_go(world):
    ada, grace, boss = listen(world, ADA), listen(world, GRACE), listen(world, demo.ADMINISTRATOR)
    equal(ada.first(), "ready", "the first word")
    api = world.api(ADA)
    job = api.submit(pdf("live"), name="very-secret-title")["id"]
    for who in (ada, boss):
        who.wait("job", job, "job-held")
    api.release("lobby", [job])
    for who in (ada, boss):
        who.wait("job", job, "job-released")
        wait_until(lambda who=who: any(d["what"] in ("delivery-printed", "delivery-sent") for d in who.told("delivery", job)), "printed")
    # Grace was told of nothing of hers; what she is told of next shows that nothing is still on its way.
    other = world.api(GRACE).submit(pdf("other"))["id"]
    grace.wait("job", other, "job-held")
    equal([d for d in grace.told() if d["id"] == job], [], "Grace on Ada's job")
    assert "very-secret-title" not in str(ada.events + boss.events), "a title"
    world.api(GRACE).delete("/v1/jobs/" + other)
    for who in (ada, grace, boss):
        who.close()


def story_a_delegate_is_told_of_held_jobs_alone(world):
    Judged(world, ADA).call("PUT", "/v1/people/%s/delegates/%s" % (ADA, GRACE), {"titles": False}, 200)
    grace = listen(world, GRACE)
    job = world.api(ADA).submit(pdf("delegated"))["id"]
    grace.wait("job", job, "job-held")
    release = world.api(ADA).release("lobby", [job])
    world.wait_release(world.api(ADA), release["id"])
    Judged(world, ADA).call("DELETE", "/v1/people/%s/delegates/%s" % (ADA, GRACE), expect=204)
    own = world.api(GRACE).submit(pdf("mark"))["id"]
    grace.wait("job", own, "job-held")
    equal([d["what"] for d in grace.told("delivery")], [], "deliveries of Ada's")
    later = world.api(ADA).submit(pdf("later"))["id"]
    world.api(GRACE).delete("/v1/jobs/" + own)
    grace.wait("job", own, "job-deleted")
    equal(grace.told(id=later), [], "after it was taken back")
    world.api(ADA).delete("/v1/jobs/" + later)
    grace.close()


def story_what_administrators_mind_is_not_for_everybody(world):
    admin = world.admin
    site = admin.post("/v1/sites", {"name": "live-north"})
    other = admin.post("/v1/sites", {"name": "live-south"})
    Judged(world, demo.ADMINISTRATOR).call("PUT", "/v1/sites/live-north/administrators/" + ALAN, expect=204)
    boss, keeper, ada = listen(world, demo.ADMINISTRATOR), listen(world, ALAN), listen(world, ADA)
    printer = {"formats": ["application/pdf"], "addresses": ["socket://localhost:9"]}
    north = admin.post("/v1/printers", dict(printer, name="live-n", site="live-north"))["id"]
    south = admin.post("/v1/printers", dict(printer, name="live-s", site="live-south"))["id"]
    for who in (boss, keeper, ada):
        who.wait("printer", north, "printer-made")
        who.wait("printer", south, "printer-made")
    # A printer that not everybody sees has no id for who may not.
    group = admin.post("/v1/groups", {"name": "live-few"})
    Judged(world, demo.ADMINISTRATOR).call("PUT", "/v1/printers/live-s/people", {"groups": [group["name"]]}, 200)
    boss.wait("printer", south, "printer-people-changed")
    wait_until(lambda: any(d["id"] is None and d["what"] == "printer-people-changed" for d in ada.told("printer")), "nameless")
    equal(ada.told(id=south, what="printer-people-changed"), [], "with its id")
    # Agents are the site's, and then its administrator's alone.
    near, far = PlayedAgent(world, admin, site="live-north"), PlayedAgent(world, admin, site="live-south")
    keeper.wait("agent", near.id, "agent-enrolled")
    boss.wait("agent", far.id, "agent-enrolled")
    mark = world.api(ADA).submit(pdf("mark"))["id"]
    ada.wait("job", mark)
    boss.wait("job", mark)
    equal(keeper.told(id=far.id), [], "another site's agent")
    equal(ada.told("agent"), [], "agents, for Ada")
    equal(keeper.told(id=mark), [], "a job, for who minds a site")
    world.api(ADA).delete("/v1/jobs/" + mark)
    # Another organisation hears nothing of all this.
    foreign = world.operator.post("/v1/tenants", {"name": "livefar", "domain": "livefar.example",
                                                  "administrator": {"email": "a@livefar.example"}})
    assert foreign and site and other
    Judged(world, demo.ADMINISTRATOR).call("DELETE", "/v1/sites/live-north/administrators/" + ALAN, expect=204)
    keeper.wait_end()  # he may no more what he might: he comes again, and is judged anew
    boss.close()
    ada.close()


def story_it_ends_with_the_session(world):
    page = Page(world.connection)
    page.sign_in(ADA, demo.PASSWORD)
    cookie = page.cookie
    stream, again = Listener(world, cookie=cookie), Listener(world, cookie=cookie)
    with refused(429, "too-many-streams"):
        Listener(world, cookie=cookie)
    page.call("DELETE", "/v1/sessions/current", expect=204)
    for one in (stream, again):
        one.wait_end()
        equal(one.events[-1][0], "ended", "the last word")
    with refused(401):
        Listener(world, cookie=cookie)
    with refused(401):
        Listener(world)
    streams = [listen(world, ADA) for _ in range(4)]
    with refused(429, "too-many-streams"):
        listen(world, ADA)
    for one in streams:
        one.close()

    def another():
        try:
            listen(world, ADA).close()
        except Refused:
            return False
        return True

    wait_until(another, "room again")


def story_it_ends_with_the_token_and_the_person(world):
    made = world.api(GRACE).post("/v1/tokens", {"label": "tried", "kind": "api"})
    token, by_password = Listener(world, "Bearer " + made["token"]), listen(world, GRACE)
    world.api(GRACE).delete("/v1/tokens/" + made["id"])
    token.wait_end()
    assert not by_password.ended, "what the token did not open"
    Judged(world, demo.ADMINISTRATOR).call("PATCH", "/v1/people/" + GRACE, {"disabled": True}, 200)
    by_password.wait_end()
    with refused(401):
        listen(world, GRACE)
    Judged(world, demo.ADMINISTRATOR).call("PATCH", "/v1/people/" + GRACE, {"disabled": False}, 200)


def story_who_comes_again_goes_on(world):
    ada = listen(world, ADA)
    first = world.api(ADA).submit(pdf("one"))["id"]
    ada.wait("job", first, "job-held")
    last = ada.last
    ada.close()
    second = world.api(ADA).submit(pdf("two"))["id"]
    back = listen(world, ADA, last=last)
    back.wait("job", second, "job-held")
    wait_until(lambda: back.events[-1][0] == "ready" or ("ready", {}) in back.events, "and then nothing more")
    equal(back.told(id=first, what="job-held"), [], "what was told before")
    back.close()
    # Too much was missed, or another service was it.
    for _ in range(60):
        world.api(ADA).delete("/v1/jobs/" + world.api(ADA).submit(pdf("many"))["id"])
    for lost in (last, "00000000-1", "x", "-", last.split("-")[0] + "-999999999"):
        late = listen(world, ADA, last=lost)
        equal(late.first(), "resync", "after %s" % lost)
        late.close()
    for job in (first, second):
        world.api(ADA).delete("/v1/jobs/" + job)


def story_after_a_restart(world):
    ada = listen(world, ADA)
    last = ada.last
    world.programs.restart("service")
    ada.wait_end()
    back = listen(world, ADA, last=last)
    equal(back.first(), "resync", "after a restart")
    back.close()
