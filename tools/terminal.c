/* SPDX-License-Identifier: MIT
 *
 * Owns the state of the terminal (terminal.h).
 *
 * Whatever ends the command gives the terminal back: exit by atexit, signals by handlers, which restore it, and then
 * let the signal do what it does. Ctrl-Z gives it back too, until the command goes on.
 *
 * Invariants: 1. While the terminal is not as it was, is_taken is set: before the first change, and until after the
 * last, since a deadly signal may come between any two lines. 2. Only the process that took the terminal touches it.
 * Its children inherit the handlers and atexit, and may die of what they read (watch.h) while it goes on.
 *
 * Runs in ordinary context and in handlers of signals, there only by functions that may be called from them. */
#include "terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#define ENTER "\x1b[?1049h\x1b[?25l\x1b[?7l" /* other screen, no cursor, no wrapping */
#define LEAVE "\x1b[0m\x1b[?7h\x1b[?25h\x1b[?1049l"

enum { ESCAPE_MS = 50, DEFAULT_LINES = 24, DEFAULT_COLUMNS = 80 };

static struct termios before, raw;
static volatile sig_atomic_t is_taken;
static pid_t owner; /* the process that took it */
static int wakeup[2] = {-1, -1};
static int errors = -1; /* stderr as it was */

/* 0 or -errno. */
static int put(const char *text, size_t bytes)
{
    while (bytes) {
        ssize_t n = write(STDOUT_FILENO, text, bytes);
        if (n < 0 && errno != EINTR)
            return -errno;
        text += n > 0 ? n : 0;
        bytes -= n > 0 ? (size_t)n : 0;
    }
    return 0;
}

static void take(void)
{
    is_taken = 1;
    tcsetattr(STDIN_FILENO, TCSANOW, &raw);
    put(ENTER, sizeof(ENTER) - 1);
}

/* Whether there was something to give back. */
static bool give_back(void)
{
    if (!is_taken || getpid() != owner)
        return false;
    put(LEAVE, sizeof(LEAVE) - 1);
    tcsetattr(STDIN_FILENO, TCSANOW, &before);
    is_taken = 0;
    return true;
}

static void wake(void)
{
    (void)!write(wakeup[1], "", 1);
}

static void on_deadly(int number)
{
    give_back();
    signal(number, SIG_DFL);
    raise(number); /* comes when the handler is left */
}

static void on_resized(int number)
{
    int saved = errno;
    (void)number;
    wake();
    errno = saved;
}

static void on_stop(int number)
{
    int saved = errno;
    (void)number;
    bool was_taken = give_back();
    raise(SIGSTOP);
    if (was_taken) {
        take();
        wake();
    }
    errno = saved;
}

static void handle(int number, void (*handler)(int))
{
    struct sigaction now, ours = {.sa_handler = handler, .sa_flags = SA_RESTART};
    if (sigaction(number, NULL, &now) == 0 && now.sa_handler != SIG_IGN)
        sigaction(number, &ours, NULL);
}

static void handle_signals(void)
{
    static const int deadly[] = {SIGINT,  SIGTERM, SIGHUP,  SIGQUIT, SIGPIPE, SIGALRM, SIGUSR1,
                                 SIGUSR2, SIGABRT, SIGSEGV, SIGBUS,  SIGILL,  SIGFPE,  SIGXCPU};
    for (size_t i = 0; i < sizeof(deadly) / sizeof(*deadly); i++)
        handle(deadly[i], on_deadly);
    handle(SIGWINCH, on_resized);
    handle(SIGTSTP, on_stop);
}

/* Lines about files without names would fall into the page. */
static void silence_errors(void)
{
    int nothing = open("/dev/null", O_WRONLY | O_CLOEXEC);
    errors = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
    if (nothing >= 0 && errors >= 0)
        dup2(nothing, STDERR_FILENO);
    if (nothing >= 0)
        close(nothing);
}

bool terminal_begin(void)
{
    if (!isatty(STDOUT_FILENO) || tcgetattr(STDIN_FILENO, &before) != 0 ||
        pipe2(wakeup, O_CLOEXEC | O_NONBLOCK) != 0)
        return false;
    raw = before;
    raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO | IEXTEN);
    raw.c_iflag &= ~(tcflag_t)(ICRNL | IXON);
    raw.c_cc[VMIN] = 0;
    raw.c_cc[VTIME] = 0;
    owner = getpid();
    atexit(terminal_end);
    handle_signals();
    silence_errors();
    take();
    return true;
}

void terminal_end(void)
{
    give_back();
    if (errors < 0 || getpid() != owner)
        return;
    dup2(errors, STDERR_FILENO);
    close(errors);
    errors = -1;
}

void terminal_size(int *ret_lines, int *ret_columns)
{
    struct winsize size;
    bool known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0;
    *ret_lines = known && size.ws_row ? size.ws_row : DEFAULT_LINES;
    *ret_columns = known && size.ws_col ? size.ws_col : DEFAULT_COLUMNS;
}

/* --- Keys ------------------------------------------------------------------------------------- */

/* The next byte; -1: none comes. */
static int next_byte(int timeout_ms)
{
    struct pollfd wait = {.fd = STDIN_FILENO, .events = POLLIN};
    unsigned char byte;
    if (timeout_ms && poll(&wait, 1, timeout_ms) != 1)
        return -1;
    return read(STDIN_FILENO, &byte, 1) == 1 ? byte : -1;
}

/* What follows ESC [ or ESC O. */
static int read_sequence(void)
{
    static const struct {
        const char *text;
        int key;
    } keys[] = {{"A", KEY_UP},       {"B", KEY_DOWN},       {"H", KEY_HOME},  {"F", KEY_END},
                {"5~", KEY_PAGE_UP}, {"6~", KEY_PAGE_DOWN}, {"1~", KEY_HOME}, {"4~", KEY_END}};
    char text[8] = "";
    for (size_t n = 0; n + 1 < sizeof(text); n++) {
        int byte = next_byte(ESCAPE_MS);
        if (byte < 0)
            return KEY_NONE;
        text[n] = (char)byte;
        if (byte >= '@' && byte <= '~')
            break;
    }
    for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
        if (strcmp(keys[i].text, text) == 0)
            return keys[i].key;
    return KEY_NONE;
}

static int read_key(void)
{
    int byte = next_byte(0);
    if (byte < 0)
        return KEY_CLOSED;
    if (byte == 0x7f || byte == '\b')
        return KEY_ERASE;
    if (byte == '\n')
        return KEY_ENTER;
    if (byte != KEY_ESCAPE)
        return byte;
    int next = next_byte(ESCAPE_MS);
    return next == '[' || next == 'O' ? read_sequence() : KEY_ESCAPE;
}

int terminal_key(int timeout_ms, int other)
{
    struct pollfd wait[] = {{.fd = STDIN_FILENO, .events = POLLIN},
                            {.fd = wakeup[0], .events = POLLIN},
                            {.fd = other, .events = POLLIN}};
    char bytes[64];
    if (poll(wait, 3, timeout_ms) <= 0)
        return KEY_NONE;
    if (wait[1].revents) {
        while (read(wakeup[0], bytes, sizeof(bytes)) > 0)
            ;
        return KEY_RESIZED;
    }
    if (wait[0].revents)
        return read_key();
    return wait[2].revents ? KEY_WATCHED : KEY_NONE;
}

int terminal_write(const char *text, size_t bytes)
{
    return put(text, bytes);
}
