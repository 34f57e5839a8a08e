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
from harness.client import Refused

PRINTERS = ("lobby", "lab", "library", "studio")


class Submission:
    def __init__(self, name, email):
        self.name, self.email = name, email
        self.sha256 = None
        self.job = None  # id or number, once acknowledged
        self.number = None
        self.released = False


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
        self.stop = False

    def progress(self):
        """How much of the work is done, from 0 to 1."""
        with self.lock:
            submitted = self.acknowledged / max(1, self.submissions_wanted)
            ordered = self.ordered / max(1, self.releases_wanted)
            return min(1.0, submitted, ordered)

    def take_number(self):
        """The next submission's number; None when there are enough. Waits when far ahead of the kills."""
        while True:
            with self.lock:
                if self.stop or self.acknowledged >= self.submissions_wanted:
                    return None
                if self.acknowledged <= self.submissions_wanted * self.pace or not self.waiting:
                    self.begun += 1
                    return self.begun
            time.sleep(0.01)

    def acknowledge(self, submission):
        with self.lock:
            self.acknowledged += 1
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
        return "%d submissions acknowledged (%d unanswered, %d refused), %d releases ordered, %d swipes" % (
            self.acknowledged,
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
    def __init__(self, world, ledger, tokens, people, seed, size):
        super().__init__(world, ledger, tokens, people, seed)
        self.size = size

    def work(self):
        number = self.ledger.take_number()
        while number is not None:
            self.submit(number)
            number = self.ledger.take_number()

    def submit(self, number):
        name = "k-%06d" % number
        email = self.people[self.random.random() < 0.15]  # the second one uses a badge, which takes all there is
        size = self.random.choice((1_000, self.size, self.size * 2))
        document = documents.pdf(name, size=size, random=random.Random(number).randbytes)
        submission = Submission(name, email)
        submission.sha256 = hashlib.sha256(document).hexdigest()
        # Some clients try again until they are answered, others give up: theirs may be there or not.
        tries = self.random.choice((1, 400, 400, 400))
        over_ipp = self.random.random() < 0.5
        with self.ledger.lock:
            self.ledger.all[name] = submission
        try:
            answered = self.until_answered(lambda: self.send(submission, document, over_ipp), tries)
        except Refused as answer:
            with self.ledger.lock:
                self.ledger.refused += 1
            raise AssertionError("submission %s was refused: %s" % (name, answer)) from None
        if answered:
            self.ledger.acknowledge(submission)
        else:
            with self.ledger.lock:
                self.ledger.unanswered += 1

    def send(self, submission, document, over_ipp):
        if over_ipp:
            queue = self.world.ipp("pull", submission.email, self.tokens.print[submission.email])
            submission.number = queue.print_job(document, submission.name)["job-id"][0][1]
        else:
            api = self.world.api(submission.email, token=self.tokens.api[submission.email])
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
