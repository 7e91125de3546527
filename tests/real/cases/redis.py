# SPDX-License-Identifier: MIT
"""redis-server: benchmark, data read back, snapshots in the process and in a forked child, clean end.

Debian's redis links libjemalloc.so and calls its non-standard entries (mallctl; with active defragmentation
also mallocx and dallocx) beside malloc: the preloaded malloc must live with that.
"""

from harness import Failure, case

SERVER = "redis-[cs][he]*"  # Debian's redis-server is a link to redis-check-rdb: either name is right

CONFIGURATION = """\
port 0
unixsocket s
daemonize no
save ""
dir .
logfile ""
enable-debug-command local
"""

COUNTER = "for i = 1, 500 do redis.call('INCRBY', KEYS[1], i) end return redis.call('GET', KEYS[1])"


def commands():
    for i in range(3000):
        yield f"SET key:{i} {'v' * (i % 200)}{i}"
        yield f"LPUSH list:{i % 50} element-{i}"
        yield f"ZADD board:{i % 20} {i * 7919 % 1000} member-{i}"
        yield f"HSET hash:{i % 100} field-{i} {i * i}"
        yield f"SADD set:{i % 30} {i} text-{i}"
        yield f"XADD stream:{i % 5} {i + 1}-0 n {i}"
    for i in range(0, 3000, 7):
        yield f"APPEND key:{i} {'tail' * 50}"
    for i in range(0, 3000, 3):
        yield f"UNLINK key:{i}"
    yield f'EVAL "{COUNTER}" 1 counter'


class Redis:
    def __init__(self, stage):
        self._stage = stage
        self.server = stage.start(["redis-server", "redis.conf"])
        self.server.wait_for(lambda: self.poll("PING") == "PONG", "an answer to PING")

    def ask(self, *words, show=True, stdin=b""):
        step = self._stage.do(["redis-cli", "-s", "s", *words], stdin, status=None, show=show)
        return step.text().strip()

    def poll(self, *words):
        with self._stage.quiet():
            return self.ask(*words)

    def info(self, field):
        for line in self.poll("INFO").splitlines():
            if line.startswith(field + ":"):
                return line.partition(":")[2].strip()
        raise Failure(f"INFO has no {field}")

    def shutdown(self):
        self.ask("SHUTDOWN", "NOSAVE", show=False)
        self.server.join()


def read_back(redis):
    for words in (
        ["DBSIZE"],
        ["GET", "key:7"],
        ["GET", "counter"],
        ["LRANGE", "list:3", "0", "-1"],
        ["ZRANGE", "board:5", "0", "20", "WITHSCORES"],
        ["ZRANGEBYSCORE", "board:6", "100", "300"],
        ["HGET", "hash:42", "field-142"],
        ["SCARD", "set:11"],
        ["XRANGE", "stream:2", "-", "+", "COUNT", "5"],
        ["SORT", "list:4", "ALPHA", "DESC", "LIMIT", "0", "5"],
        ["DEBUG", "DIGEST"],
    ):
        redis.ask(*words)


@case(
    "redis",
    needs={
        "redis-server": "redis-server",
        "redis-cli": "redis-tools",
        "redis-benchmark": "redis-tools",
    },
    checked=[SERVER, "redis-cli", "redis-benchmark"],
)
def redis(stage):
    stage.write("redis.conf", CONFIGURATION)
    redis = Redis(stage)
    benchmark = "redis-benchmark -s s -q -n 20000 -c 20 -P 4 -r 5000 -t set,get,lpush,lpop,zadd"
    stage.do(benchmark.split(), show=False)  # prints throughputs
    redis.ask("FLUSHALL")
    redis.ask(show=False, stdin="\n".join(commands()))
    read_back(redis)

    # jemalloc's own entries: the answers must not depend on whose malloc serves.
    redis.ask("CONFIG", "SET", "activedefrag", "yes")
    redis.ask("MEMORY", "PURGE")
    redis.ask("MEMORY", "MALLOC-STATS", show=False)
    redis.ask("MEMORY", "DOCTOR", show=False)
    redis.ask("MEMORY", "USAGE", "hash:42", show=False)

    redis.ask("DEBUG", "RELOAD")
    redis.ask("SAVE")
    redis.ask("BGSAVE")
    redis.server.wait_for(lambda: redis.info("rdb_bgsave_in_progress") == "0", "the end of BGSAVE")
    stage.note(f"BGSAVE: {redis.info('rdb_last_bgsave_status')}")
    redis.ask("BGREWRITEAOF")
    redis.server.wait_for(lambda: redis.info("aof_rewrite_in_progress") == "0", "the rewritten log")
    stage.note(f"BGREWRITEAOF: {redis.info('aof_last_bgrewrite_status')}")
    redis.shutdown()

    redis = Redis(stage)  # what BGSAVE wrote is what the parent had
    read_back(redis)
    redis.shutdown()
