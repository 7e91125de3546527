/* SPDX-License-Identifier: MIT
 *
 * remote.h, step by step: the test is the thread's loop and the clients too. What needs whole processes is
 * in tests/e2e/live. */
#include "../../report/remote.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "../../preload/control.h"
#include "../../preload/ghost.h"
#include "../../preload/options.h"
#include "../../preload/sys.h"
#include "unit.h"

static char path[64];
static char text[4096];
static unsigned asked;

static size_t count(char *to, size_t cap, int *ret_file)
{
    (void)ret_file;
    return (size_t)snprintf(to, cap, "ok %u\n", ++asked);
}

static uint64_t slow_ms;

static size_t count_slowly(char *to, size_t cap, int *ret_file)
{
    uint64_t begin = sys_now();
    usleep(200000);
    slow_ms = (sys_now() - begin) / 1000000;
    return count(to, cap, ret_file);
}

static size_t count_with_file(char *to, size_t cap, int *ret_file)
{
    *ret_file = open("/dev/null", O_RDONLY | O_CLOEXEC);
    return count(to, cap, ret_file);
}

static const struct request requests[] = {
    {"count", count}, {"countless", count}, {"slow", count_slowly}, {"file", count_with_file}};

static void setup(void)
{
    unit_alive();
    control_init();
    ck_assert(ghost_init());
    snprintf(path, sizeof path, "/tmp/leakgc-unit-socket.%d", getpid());
    options.control = path;
    remote_open();
}

static void teardown(void)
{
    remote_close();
    unlink(path);
}

static int join(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    ck_assert_int_eq(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

/* One turn of the thread's loop, which does not sleep; how long it would have. */
static uint64_t turn(void)
{
    struct pollfd fds[REMOTE_FDS];
    uint64_t timeout_ms = 5000;
    remote_prepare(fds, &timeout_ms);
    ck_assert_int_ge(poll(fds, REMOTE_FDS, 0), 0);
    remote_serve(fds, requests, sizeof requests / sizeof *requests);
    return timeout_ms;
}

static void say(int fd, const char *words)
{
    ck_assert_int_eq(send(fd, words, strlen(words), MSG_NOSIGNAL), (ssize_t)strlen(words));
}

/* What has come by now; the connection must be over. */
static const char *heard(int fd)
{
    ssize_t n = recv(fd, text, sizeof text - 1, MSG_DONTWAIT);
    text[n > 0 ? n : 0] = '\0';
    if (n > 0)
        ck_assert_int_le(recv(fd, text + n, 1, MSG_DONTWAIT), 0);
    ck_assert(n >= 0 || errno != EAGAIN);
    close(fd);
    return text;
}

START_TEST(one_answer_for_all_who_asked)
{
    int first = join(), second = join(), third = join();
    turn();
    say(first, "count\n");
    say(second, "count\nand more");
    say(third, "countles");
    turn();
    ck_assert_uint_eq(asked, 1);
    ck_assert_str_eq(heard(first), "ok 1\n");
    ck_assert_str_eq(heard(second), "ok 1\n");
    say(third, "s\n");
    turn();
    ck_assert_str_eq(heard(third), "ok 2\n");
}
END_TEST

/* The descriptor that came with what was heard, or -1. */
static int passed_to(int fd)
{
    char control[CMSG_SPACE(sizeof(int))];
    struct iovec words = {.iov_base = text, .iov_len = sizeof text};
    struct msghdr message = {.msg_iov = &words,
                             .msg_iovlen = 1,
                             .msg_control = control,
                             .msg_controllen = sizeof control};
    int passed = -1;
    ck_assert_int_eq(recvmsg(fd, &message, MSG_DONTWAIT), 5);
    ck_assert(!memcmp(text, "ok 1\n", 5));
    if (message.msg_controllen)
        memcpy(&passed, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof passed);
    close(fd);
    return passed;
}

START_TEST(a_descriptor_goes_to_all_who_asked)
{
    int first = join(), second = join(), next = dup(0);
    close(next);
    turn();
    say(first, "file\n");
    say(second, "file\n");
    turn();
    int one = passed_to(first), other = passed_to(second);
    ck_assert_int_ge(one, 0);
    ck_assert_int_ge(other, 0);
    close(one);
    close(other);
    int now = dup(0);
    ck_assert_int_le(now, next); /* ours is closed */
    close(now);
}
END_TEST

START_TEST(what_is_no_request)
{
    static const char *const words[] = {"\n", "coun\n", "Count\n", "count \n", "countlessly\n"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        int fd = join();
        turn();
        say(fd, words[i]);
        turn();
        ck_assert_str_eq(heard(fd), "error unknown request\n");
    }
    ck_assert_uint_eq(asked, 0);
}
END_TEST

START_TEST(too_long)
{
    char line[257];
    memset(line, 'x', 256);
    line[256] = '\0';
    int fd = join();
    turn();
    say(fd, line + 1);
    turn();
    say(fd, "x");
    turn();
    ck_assert_str_eq(heard(fd), "error request too long\n");
    fd = join();
    turn();
    line[255] = '\n'; /* just short enough */
    say(fd, line);
    turn();
    ck_assert_str_eq(heard(fd), "error unknown request\n");
}
END_TEST

/* The deadline is that of the line, not of each letter; and the thread sleeps until then, no longer. */
START_TEST(a_second_for_the_line)
{
    int fd = join();
    ck_assert_uint_eq(turn(), 5000);
    uint64_t sleep = turn();
    ck_assert(sleep > 0 && sleep <= 1000);
    stub_ahead_ms += 600;
    say(fd, "coun");
    ck_assert_uint_le(turn(), 400);
    stub_ahead_ms += 500;
    ck_assert_uint_eq(turn(), 0);
    ck_assert_str_eq(heard(fd), "error no request came\n");
    ck_assert_uint_eq(turn(), 5000);
}
END_TEST

/* Those beyond the first few wait, and their time begins when they are let in. */
START_TEST(a_few_at_a_time)
{
    int fds[2 * REMOTE_CLIENTS];
    for (int i = 0; i < 2 * REMOTE_CLIENTS; i++)
        fds[i] = join();
    turn();
    for (int i = 0; i < 2 * REMOTE_CLIENTS; i++)
        say(fds[i], "count\n");
    turn();
    ck_assert_uint_eq(asked, 1);
    stub_ahead_ms += 2000;
    turn();
    turn();
    ck_assert_uint_eq(asked, 2);
    for (int i = 0; i < 2 * REMOTE_CLIENTS; i++)
        ck_assert_str_eq(heard(fds[i]), i < REMOTE_CLIENTS ? "ok 1\n" : "ok 2\n");
}
END_TEST

/* Whoever asks again and again does not keep the thread busy; those who wait get one answer. */
START_TEST(a_rest_after_a_long_answer)
{
    int first = join(), second = join(), third = join();
    turn();
    say(first, "slow\n");
    turn();
    ck_assert_str_eq(heard(first), "ok 1\n");
    say(second, "count\n");
    turn();
    stub_ahead_ms += slow_ms;
    say(third, "count\n");
    uint64_t sleep = turn();
    ck_assert(sleep > 0 && sleep <= 2 * slow_ms + 50); /* of three times as long */
    ck_assert_uint_eq(asked, 1);
    stub_ahead_ms += 2 * slow_ms + 50;
    turn();
    ck_assert_uint_eq(asked, 2);
    ck_assert_str_eq(heard(second), "ok 2\n");
    ck_assert_str_eq(heard(third), "ok 2\n");
    ck_assert_uint_eq(turn(), 5000);
}
END_TEST

START_TEST(one_who_left)
{
    int fd = join();
    turn();
    say(fd, "count\n");
    close(fd);
    turn();
    ck_assert_uint_eq(asked, 1);
    close(join());
    turn();
    turn();
    ck_assert_uint_eq(turn(), 5000);
}
END_TEST

/* Nobody can be accepted: without a rest the thread would never sleep. */
START_TEST(no_descriptor_left)
{
    struct rlimit few, old;
    int fd = join();
    ck_assert(!getrlimit(RLIMIT_NOFILE, &old));
    few = old;
    while ((int)(few.rlim_cur = (rlim_t)dup(fd)) < REMOTE_FDS) /* or poll would refuse */
        ;
    ck_assert(!setrlimit(RLIMIT_NOFILE, &few));
    close((int)few.rlim_cur);
    turn();
    uint64_t sleep = turn();
    ck_assert(sleep > 0 && sleep <= 1000);
    ck_assert(!setrlimit(RLIMIT_NOFILE, &old));
    stub_ahead_ms += 1100;
    turn();
    say(fd, "count\n");
    turn();
    ck_assert_uint_eq(asked, 1);
}
END_TEST

START_TEST(made_again)
{
    struct stat before, after;
    ck_assert(!lstat(path, &before));
    remote_check();
    ck_assert(!lstat(path, &after) && after.st_ino == before.st_ino &&
              (after.st_mode & 0777) == 0600);
    unlink(path);
    ghost_forbid_stops(); /* a program is about to be executed */
    remote_check();
    ck_assert(lstat(path, &after));
    ghost_allow_stops();
    remote_check();
    ck_assert(!lstat(path, &after));
    int fd = join();
    turn();
    say(fd, "count\n");
    turn();
    ck_assert_str_eq(heard(fd), "ok 1\n");
    remote_close();
    ck_assert(lstat(path, &after));
}
END_TEST

/* The numbers of the parent's descriptors mean nothing in the child. */
START_TEST(forgotten_in_a_child)
{
    int fd = join();
    turn();
    ck_assert_uint_le(turn(), 1000);
    remote_after_fork();
    ck_assert_uint_eq(turn(), 5000);
    say(fd, "count\n");
    turn();
    ck_assert_uint_eq(asked, 0);
    close(fd);
}
END_TEST

/* Somebody else's file has come to its place. */
START_TEST(not_removed)
{
    struct stat file;
    unlink(path);
    close(open(path, O_CREAT | O_WRONLY, 0600));
    remote_close();
    ck_assert(!lstat(path, &file) && S_ISREG(file.st_mode));
}
END_TEST

Suite *suite_remote(void)
{
    Suite *s = suite_create("remote");
    TCase *c = unit_case(s, "remote");
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_test(c, one_answer_for_all_who_asked);
    tcase_add_test(c, a_descriptor_goes_to_all_who_asked);
    tcase_add_test(c, what_is_no_request);
    tcase_add_test(c, too_long);
    tcase_add_test(c, a_second_for_the_line);
    tcase_add_test(c, a_few_at_a_time);
    tcase_add_test(c, a_rest_after_a_long_answer);
    tcase_add_test(c, one_who_left);
    tcase_add_test(c, no_descriptor_left);
    tcase_add_test(c, made_again);
    tcase_add_test(c, forgotten_in_a_child);
    tcase_add_test(c, not_removed);
    return s;
}
