"""One run: web and worker are killed and started again, and after each death it is looked for what was lost."""

import os
import signal
import time
from collections import Counter
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from aims import (
    CHECK_EVERY,
    DAY_EVERY,
    FIRST_START,
    FULL_EVERY,
    FULL_SECONDS,
    LEAP_EVERY,
    LEAPS,
    LEAPT_SECONDS,
    LEASE,
    PASSES,
    PATIENCE,
    SERVER_EVERY,
    START_SECONDS,
    STOPPED_AT,
    WEB,
    WHOLE_EVERY,
    WHOLE_KILLS,
    WHOLE_SECONDS,
    WORKER,
    ZOMBIE_EVERY,
)
from disk import Ballast
from house import House, end, say
from invariants import damage, dated_wrong, doubled, gaps, last_event, look, lost, wrong_reminders
from whole import Whole

from xunfang.store import FileKeys, FileStore, Keys, open_database, verify_chain


@dataclass
class Torture:
    """One run: what was killed where, and what was found."""

    house: House
    kills: int
    ends_at: float
    acks: Path
    lives: dict[str, tuple[int, str]] = field(default_factory=dict)
    killed: Counter[str] = field(default_factory=Counter)
    acknowledged: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    read: int = 0
    zombies: int = 0
    leaps: int = 0
    filled: int = 0
    seen_full: int = 0
    """How many acts were acknowledged while the disk was full: what needs no new room."""
    checks: int = 0
    slowest: float = 0.0
    day_passed: bool = False

    def __post_init__(self) -> None:
        self.whole = Whole(self.house)

    @property
    def done(self) -> int:
        return self.killed.total()

    def run(self) -> None:
        """Kill until enough were killed or the time is over."""
        marks = {CHECK_EVERY: self.check, DAY_EVERY: self._let_days_pass, ZOMBIE_EVERY: self._wake_a_zombie,
                 LEAP_EVERY: self._leap}  # fmt: skip
        if self.house.on_own_disk:
            marks[FULL_EVERY] = self._fill_the_disk
        if self.house.server:
            marks[SERVER_EVERY] = self._strike_the_server
        due, due_whole = dict.fromkeys(marks, 1), 1
        while self.done < self.kills and time.monotonic() < self.ends_at and not self.wrong:
            if self.done >= due_whole * WHOLE_EVERY:
                due_whole += 1
                self._strike_the_whole()
            self._start_missing()
            if not self._wait_for_death(self.house.random.choice(PATIENCE)):
                self._kill_one()
            self._look_at_acknowledged()
            for every, act in marks.items():
                if self.done >= due[every] * every:
                    due[every] += 1
                    act()

    def _strike_the_whole(self) -> None:
        """Let the real server do the work for a while, and kill its main process as well as those it keeps."""
        self.end_all()
        for _ in range(min(WHOLE_KILLS, self.kills - self.done)):
            whom, wrong = self.whole.strike()
            self.killed[whom] += 1
            self.wrong += wrong
        self.wrong += self.whole.recover(WHOLE_SECONDS)
        self._look_at_acknowledged()
        self.wrong += self.whole.leave()

    def first_start(self) -> None:
        """Die at every step of the very first start."""
        for step in FIRST_START:
            pid = self.house.start("web", step)
            _, status = os.waitpid(pid, 0)
            if os.WIFSIGNALED(status):
                self.killed[step] += 1
            else:
                self.wrong.append(f"the first start never passes {step}")
        os.waitpid(self.house.fork(self.house.people, "people"), 0)

    def _start_missing(self) -> None:
        for role, named in (("web", WEB), ("worker", WORKER)):
            if role not in self.lives:
                aimed = self.house.random.random() < 0.9
                at = f"{self._next(named)}:{self.house.random.choice(PASSES)}" if aimed else ""
                self.lives[role] = (self.house.start(role, at), at)

    def _next(self, named: tuple[str, ...]) -> str:
        """Choose a step, rather one that was seldom died at."""
        few = sorted(self.house.random.sample(named, 4), key=lambda step: self.killed[step])
        return few[0]

    def _wait_for_death(self, patience: float) -> bool:
        until = time.monotonic() + patience
        while time.monotonic() < until:
            if self._bury():
                return True
            time.sleep(0.005)
        return False

    def _bury(self) -> bool:
        """Take note of whoever died by itself, at the step it was aimed at; orphans are none of ours."""
        for role, (pid, at) in list(self.lives.items()):
            gone, status = os.waitpid(pid, os.WNOHANG)
            if gone:
                del self.lives[role]
                if not os.WIFSIGNALED(status):
                    self.wrong.append(f"{role} ended by itself with status {status}; see its log")
                self.killed[at.partition(":")[0]] += 1
                return True
        return False

    def _kill_one(self) -> None:
        roles = list(self.lives) if self.house.random.random() < 0.2 else [self.house.random.choice([*self.lives])]
        for role in roles:
            pid, _ = self.lives.pop(role)
            end(pid)
            self.killed[f"any moment ({role})"] += 1

    def _let_days_pass(self) -> None:
        """Let time pass; photos that nobody sent go after a day, so those of just now are not looked for after it."""
        self._look_at_acknowledged()
        hours = self.house.random.choice((3, 10, 20, 26))
        self.house.clock.turn(timedelta(hours=hours))
        self.day_passed = hours > 24

    def _let_all_work(self) -> None:
        """Wait until all are there and work: whoever still starts may end when the database is away."""
        self._start_missing()
        until = time.monotonic() + START_SECONDS
        while not all(self.house.is_up(pid) for pid, _ in self.lives.values()) and time.monotonic() < until:
            self._rest(0.05)

    def _strike_the_server(self) -> None:
        """Kill the server of the database while everybody works, and start it again: who works there finds it again."""
        assert self.house.server is not None
        self._let_all_work()
        self.house.server.kill()
        self.killed["any moment (PostgreSQL)"] += 1
        self._wait_for_death(0.5)
        self.house.server.start()

    def _leap(self) -> None:
        """Let the clock leap for a moment: worker and people must rest, and nothing may be dated by it."""
        by = LEAPS[self.leaps % len(LEAPS)]
        self.leaps += 1
        self._let_all_work()
        before = self.house.clock.now()
        with closing(look(self.house.address)) as reader:
            last = last_event(reader)
        self.house.clock.leap(by)
        self._wait_for_death(LEAPT_SECONDS)
        self.house.clock.leap(-by)
        with closing(look(self.house.address)) as reader:
            self.wrong += dated_wrong(reader, last, before, self.house.clock.now())

    def _fill_the_disk(self) -> None:
        """Leave no byte on the disk while everybody works, kill somebody, and make room again."""
        self._let_all_work()
        acknowledged = self._acknowledged()
        ballast = Ballast(self.house.disk)
        self._rest(FULL_SECONDS)
        if self.lives and self.house.random.random() < 0.5:
            self._kill_one()
        self.seen_full += self._acknowledged() - acknowledged
        ballast.drop()
        self.filled += 1
        if self.house.server:
            self.house.server.revive()

    def _acknowledged(self) -> int:
        with self.acks.open("rb") as file:
            return sum(1 for _ in file)

    def _wake_a_zombie(self) -> None:
        """Stop a worker with a job in hand for longer than its lease, let another take over, and let it go on."""
        if "worker" in self.lives:
            end(self.lives.pop("worker")[0])
            self.killed["any moment (worker)"] += 1
        step = self.house.random.choice(STOPPED_AT)
        zombie = self.house.start("worker", step, signal.SIGSTOP)
        if _stopped(zombie, 2.0):
            self.house.clock.turn(LEASE)
            self.lives["worker"] = (self.house.start("worker"), "")
            self._rest(0.4)
            os.kill(zombie, signal.SIGCONT)
            self._rest(0.4)
            self.zombies += 1
        end(zombie)
        self.killed["any moment (worker)"] += 1

    def _rest(self, seconds: float) -> None:
        time.sleep(seconds)
        self._bury()

    def _look_at_acknowledged(self) -> None:
        """Find every act that was acknowledged since the last look."""
        with self.acks.open() as file:
            file.seek(self.read)
            lines = [line for line in file if line.endswith("\n")]
        self.read += sum(len(line.encode()) for line in lines)
        told = [tuple(line.split(None, 1)) for line in map(str.strip, lines)]
        self.acknowledged.update(kind for kind, _ in told)
        told = [each for each in told if not (self.day_passed and each[0] == "photo")]
        self.day_passed = False
        with closing(look(self.house.address, self._keys())) as reader:
            self.wrong += lost(reader, told)  # type: ignore[arg-type]

    def check(self) -> None:
        """Look at everything there is."""
        begun = time.monotonic()
        with closing(look(self.house.address)) as reader:
            self.wrong += [*damage(reader), *doubled(reader), *gaps(reader)]
            self.wrong += wrong_reminders(reader, self.house.rulebook)
            cases, events = (
                reader.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in ("case", "event")
            )
        self._verify_chain()
        self.checks += 1
        self.slowest = max(self.slowest, time.monotonic() - begun)
        acks = sum(self.acknowledged.values())
        say(f"{self.done:>5} kills, {acks} acknowledged, {cases} cases, {events} events, {len(self.wrong)} wrong, "
            f"{max(0, self.ends_at - time.monotonic()):.0f} s left")  # fmt: skip

    def _keys(self) -> Keys:
        return Keys(FileKeys(Path(self.house.settings.keys.removeprefix("file:"))))

    def _verify_chain(self) -> None:
        database = open_database(self.house.settings.database)
        database.keys = keys = self._keys()
        broken = verify_chain(database, keys.chain)
        database.close()
        if broken is not None:
            self.wrong.append(f"the chain of events breaks at {broken}")

    def settle(self, village: int, seconds: float) -> None:
        """Let everybody go home, and web and worker live until nothing is due any more."""
        self.end_all()
        self.house.clock.turn(timedelta(hours=3))
        self.lives["web"] = (self.house.start("web"), "")
        self.lives["worker"] = (self.house.start("worker"), "")
        os.kill(village, signal.SIGTERM)
        _, status = os.waitpid(village, 0)
        self.wrong += ["somebody never got an answer"] if status else []
        least, until = self._undone(), time.monotonic() + seconds
        while (left := self._undone()) and time.monotonic() < until:
            if left < least:  # as long as there are fewer and fewer, a slow machine is only slow
                least, until = left, time.monotonic() + seconds
            time.sleep(0.5)
        self.wrong += [f"still not done: {kinds}" for kinds in [dict(self._left())] if left]

    def _undone(self) -> int:
        return self._left().total()

    def _left(self) -> Counter[str]:
        """Return what waits to be done although its moment has come, or was given up, by status and kind."""
        now = int(self.house.clock.now().timestamp())
        query = "SELECT status || ' ' || kind FROM job WHERE status = 'parked' OR (status = 'ready' AND run_at <= ?)"
        with closing(look(self.house.address)) as reader:
            return Counter(name for (name,) in reader.execute(query, (now,)))

    def end_all(self) -> None:
        for pid, _ in self.lives.values():
            end(pid)
        self.lives.clear()
        self.whole.end()

    def last_look(self) -> None:
        """Look at everything with nobody at work, open every paper and photo, and see that no process is left."""
        self.end_all()
        self._look_at_acknowledged()
        self.check()
        keys = Keys(FileKeys(Path(self.house.settings.keys.removeprefix("file:"))))
        files = FileStore(self.house.settings.files, keys)
        with closing(look(self.house.address)) as reader:
            named = "SELECT sha256 FROM notice WHERE sha256 <> '' UNION SELECT sha256 FROM attachment"
            for (sha256,) in reader.execute(named):
                with suppress(OSError):
                    files.get(sha256)
                    continue
                self.wrong.append(f"no file {sha256}")
        if self.house.server:
            self.house.server.stop()
        self.wrong += _orphans(10)
        if self.house.server:
            self.house.server.start()


def _stopped(pid: int, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        gone, status = os.waitpid(pid, os.WNOHANG | os.WUNTRACED)
        if gone:
            return os.WIFSTOPPED(status)
        time.sleep(0.01)
    return False


def _orphans(seconds: float) -> list[str]:
    """Wait for what the dead left running: a press must end when its worker is gone."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            if os.waitpid(-1, os.WNOHANG)[0] == 0:
                time.sleep(0.05)
        except ChildProcessError:
            return []
    return ["processes were left running"]
