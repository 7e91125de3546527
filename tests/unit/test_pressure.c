/* SPDX-License-Identifier: MIT
 *
 * pressure.h: stalls for lack of memory. A plain file stands for the kernel's, and what poll would say of
 * it is made up. */
#include "../../report/pressure.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "../../preload/options.h"
#include "unit.h"

enum { QUIET_MS = 30000 };

static char path[] = "/tmp/leakgc-unit-XXXXXX";

static void setup(void)
{
    unit_alive();
    int fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    close(fd);
    pressure_stall_file = path;
    options.psi = 150000;
    unit_capture();
}

static void teardown(void)
{
    unlink(path);
}

START_TEST(the_trigger)
{
    const char expected[] = "some 150000 2000000"; /* the final NUL too */
    char text[64] = "";
    int fd = pressure_stall_open();
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(pread(fd, text, sizeof text, 0), sizeof expected);
    ck_assert_mem_eq(text, expected, sizeof expected);
    ck_assert(fcntl(fd, F_GETFL) & O_NONBLOCK);
    ck_assert(fcntl(fd, F_GETFD) & FD_CLOEXEC);
    ck_assert_str_eq(unit_captured(), "");
    close(fd);
}
END_TEST

START_TEST(off)
{
    options.psi = 0;
    ck_assert_int_eq(pressure_stall_open(), -1);
    ck_assert_str_eq(unit_captured(), "");
}
END_TEST

START_TEST(not_available_is_said_once)
{
    pressure_stall_file = "/nowhere/at/all";
    ck_assert_int_eq(pressure_stall_open(), -1);
    ck_assert_int_eq(pressure_stall_open(), -1);
    ck_assert_str_eq(unit_captured(), unit_log_line("option 'psi': not available here (ENOENT)"));
}
END_TEST

/* A file that can be opened, and refuses the trigger. */
START_TEST(refused)
{
    pressure_stall_file = "/dev/full";
    ck_assert_int_eq(pressure_stall_open(), -1);
    ck_assert_str_eq(unit_captured(), unit_log_line("option 'psi': not available here (ENOSPC)"));
}
END_TEST

START_TEST(one_scan_in_half_a_minute)
{
    int fd = 7;
    ck_assert(!pressure_stalls(&fd, 0));
    ck_assert(!pressure_stalls(&fd, POLLIN));
    ck_assert(pressure_stalls(&fd, POLLPRI));
    ck_assert(!pressure_stalls(&fd, POLLPRI));
    stub_ahead_ms += QUIET_MS - 1000;
    ck_assert(!pressure_stalls(&fd, POLLPRI));
    stub_ahead_ms += 1100;
    ck_assert(pressure_stalls(&fd, POLLPRI));
    ck_assert(!pressure_stalls(&fd, POLLPRI));
    ck_assert_int_eq(fd, 7);
}
END_TEST

/* Else poll would come back at once for ever. */
START_TEST(a_group_that_is_gone)
{
    int fd = pressure_stall_open();
    int old = fd;
    ck_assert(!pressure_stalls(&fd, POLLPRI | POLLERR));
    ck_assert_int_eq(fd, -1);
    ck_assert_int_eq(fcntl(old, F_GETFD), -1);
}
END_TEST

Suite *suite_pressure(void)
{
    Suite *s = suite_create("pressure");
    TCase *c = unit_case(s, "stalls");
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_test(c, the_trigger);
    tcase_add_test(c, off);
    tcase_add_test(c, not_available_is_said_once);
    tcase_add_test(c, refused);
    tcase_add_test(c, one_scan_in_half_a_minute);
    tcase_add_test(c, a_group_that_is_gone);
    return s;
}
