# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""Those who print and release, and what they were told."""

import hashlib
import http.client
import random
import threading
import time
import uuid

from harness import documents
from harness.client import IppQueue, Refused
from harness.site import say_by_lpd

PRINTERS = ("lobby", "lab", "library", "studio")
DIRECT = ("api", "ipp")
DOORS = ("door-ipp", "door-lpd")


class Submission:
    def __init__(self, name, email, way="api"):
        self.name, self.email, self.way = name, email, way
        self.sha256 = None
        self.job = None  # id or number, once acknowledged
        self.number = None
        self.released = False
        self.tries = []  # when each began; with more than one, nobody had answered those before

    def make(self, size, seed):
        document = documents.pdf(self.name, size=size, random=random.Random(seed).randbytes)
        self.sha256 = hashlib.sha256(document).hexdigest()
        return document


class Order:
    def __init__(self, release, email, submissions, began):
        self.release, self.email, self.submissions, self.began = release, email, submissions, began


class Ledger:
    """What was acknowledged to whom. Written by the workers, read by the oracle."""

    def __init__(self, submissions, releases):
        self.submissions_wanted, self.releases_wanted = submissions, releases
        self.lock = threading.Lock()
        self.begun = 0
        self.all = {}  # name -> Submission
        self.acknowledged = 0
        self.unanswered = 0
        self.refused = 0
        self.waiting = []  # acknowledged over the API, not yet ordered
        self.orders = []
        self.ordered = 0
        self.swipes = 0
        self.pace = 0.0  # how far the load may be, from 0 to 1: the killer lets it go on
        self.by_way = dict.fromkeys(DIRECT + DOORS, 0)
        self.is_waited_for = False  # what comes by the doors while the service is away
        self.ahead = 0  # so many more the doors of a site may take than the pace has, while the service is away
        self.stop = False

    def progress(self):
        """How much of the work is done, from 0 to 1."""
        with self.lock:
            submitted = self.acknowledged / max(1, self.submissions_wanted)
            ordered = self.ordered / max(1, self.releases_wanted)
            return min(1.0, submitted, ordered)

    def take_number(self, is_door=False):
        """The next submission's number; None when there are enough. Waits when far ahead of the kills."""
        while True:
            with self.lock:
                is_enough = self.acknowledged >= self.submissions_wanted
                is_over = is_enough and self.ordered >= self.releases_wanted
                if self.stop or (is_over and not (is_door and self.is_waited_for)):
                    return None
                # Swipes may have taken what others were to release; only what came over the API is waiting.
                is_due = (not self.waiting and not is_door) or (not is_enough and self.acknowledged <= self.submissions_wanted * self.pace)
                if is_due or (is_door and self.ahead > 0):
                    self.ahead -= not is_due
                    self.begun += 1
                    return self.begun
            time.sleep(0.01)

    def taken_by_doors(self):
        return [self.by_way[way] for way in DOORS]

    def acknowledge(self, submission):
        with self.lock:
            self.acknowledged += 1
            self.by_way[submission.way] += 1
            if submission.job:
                self.waiting.append(submission)

    def pick(self, rng):
        with self.lock:
            if not self.waiting:
                return None
            index = rng.randrange(len(self.waiting))
            self.waiting[index], self.waiting[-1] = self.waiting[-1], self.waiting[index]
            return self.waiting.pop()

    def may_release(self):
        """As take_number(): whether there is another release to order."""
        while True:
            with self.lock:
                if self.stop or self.ordered >= self.releases_wanted:
                    return False
                if self.ordered <= self.releases_wanted * self.pace:
                    return True
            time.sleep(0.01)

    def summary(self):
        return "%d submissions acknowledged (%s; %d unanswered, %d refused), %d releases ordered, %d swipes" % (
            self.acknowledged,
            ", ".join("%d %s" % (count, way) for way, count in self.by_way.items() if count),
            self.unanswered,
            self.refused,
            self.ordered,
            self.swipes,
        )


class Worker(threading.Thread):
    def __init__(self, world, ledger, tokens, people, seed):
        super().__init__(daemon=True)
        self.world, self.ledger, self.tokens, self.people = world, ledger, tokens, people
        self.random = random.Random(seed)
        self.failure = None

    def run(self):
        try:
            self.work()
        except Exception as error:  # noqa: BLE001 - shown by the main thread
            self.failure = error

    def until_answered(self, call, tries):
        """call() until there is an answer; None when there was none after so many tries."""
        for attempt in range(tries):
            try:
                return call()
            except (OSError, http.client.HTTPException):
                time.sleep(0.05 * min(attempt + 1, 10))
            except Refused as answer:
                if answer.status in (500, 502, 503, 0x0500, 0x0502, 0x0505, 0x0506, 0x0507, 429):
                    time.sleep(0.05 * min(attempt + 1, 10))  # the keeper or the database is away: try again
                    continue
                raise
        return None


class Submitter(Worker):
    """By the service's own doors, or by those of the site's agent."""

    def __init__(self, world, ledger, tokens, people, seed, size, ways=DIRECT):
        super().__init__(world, ledger, tokens, people, seed)
        self.size, self.ways = size, ways

    def work(self):
        number = self.ledger.take_number(self.ways is DOORS)
        while number is not None:
            self.submit(number)
            number = self.ledger.take_number(self.ways is DOORS)

    def submit(self, number):
        name = "k-%06d" % number
        email = self.people[self.random.random() < 0.15]  # the second one uses a badge, which takes all there is
        submission = Submission(name, email, self.random.choice(self.ways))
        document = submission.make(self.random.choice((1_000, self.size, self.size * 2)), number)
        # Some clients try again until they are answered, others give up: theirs may be there or not.
        tries = self.random.choice((1, 400, 400, 400))
        with self.ledger.lock:
            self.ledger.all[name] = submission
        try:
            answered = self.until_answered(lambda: self.send(submission, document, number), tries)
        except Refused as answer:
            with self.ledger.lock:
                self.ledger.refused += 1
            raise AssertionError("submission %s by %s was refused: %s" % (name, submission.way, answer)) from None
        if answered:
            self.ledger.acknowledge(submission)
        else:
            with self.ledger.lock:
                self.ledger.unanswered += 1

    def send(self, submission, document, number):
        submission.tries.append(time.time())
        user, token = submission.email, self.tokens.print[submission.email]
        if submission.way == "ipp":
            submission.number = self.world.ipp("pull", user, token).print_job(document, submission.name)["job-id"][0][1]
        elif submission.way == "door-ipp":
            queue = IppQueue(self.world.door, "pull", user, token)
            try:
                submission.number = queue.print_job(document, submission.name)["job-id"][0][1]
            except Refused as answer:
                if answer.status == 401:  # started while the service is away, it knows nobody: later again
                    raise Refused(503, answer.body) from None
                raise
        elif submission.way == "door-lpd":
            say_by_lpd(self.world.ports["lpd"], user.split("@")[0], submission.name, number % 1000, document)
            submission.number = number
        else:
            api = self.world.api(user, token=self.tokens.api[user])
            submission.job = api.submit(document, submission.name, key="submit-" + submission.name)["id"]
        return True


class Releaser(Worker):
    def work(self):
        while self.ledger.may_release():
            if self.random.random() < 0.03:
                self.swipe()
                continue
            submission = self.ledger.pick(self.random)
            if submission is None:
                time.sleep(0.02)
                continue
            self.order(submission)

    def order(self, submission):
        api = self.world.api(submission.email, token=self.tokens.api[submission.email])
        printer = self.world.printers[self.random.choice(PRINTERS)]
        key = str(uuid.uuid4())
        began = time.time()
        submission.released = True
        try:
            release = self.until_answered(lambda: api.release(printer, [submission.job], key=key), 400)
        except Refused as answer:
            if answer.status in (404, 409):
                return  # a swipe was faster
            raise
        assert release, "no answer to a release within 400 tries"
        with self.ledger.lock:
            self.ledger.ordered += 1
            self.ledger.orders.append(Order(release["id"], submission.email, [submission], began))

    def swipe(self):
        """Somebody holds a badge to a reader. Nobody is told what came of it; the truth log is."""
        from harness.readers import Reader

        email = self.people[1]
        model = self.random.choice(("tcpconv", "tcpconv2", "ethernet241"))
        reader = Reader(self.world.ports[model], model)
        try:
            reader.swipe(self.world.badge(email))
        except OSError:
            return  # the agent is down: no light at the reader
        finally:
            reader.close()
        with self.ledger.lock:
            self.ledger.swipes += 1
