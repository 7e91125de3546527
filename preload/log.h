/* SPDX-License-Identifier: MIT
 *
 * Lines that the library says about itself: `==PID==leakgc: ...`, each one write(2), to stderr or
 * to the file that the option `log` names. Never more than one line per call. */
#ifndef LEAKGC_LOG_H
#define LEAKGC_LOG_H

/* Directs the lines to a file instead of stderr: by a descriptor of our own, or by its path for each line once
 * the program has closed that one. The path is copied. */
void log_to(int fd, const char *path);

/* That file descriptor, or -1. */
int log_descriptor(void);

/* Says it always: bad options, trouble of our own. */
void log_say(const char *format, ...);

/* Says it only with verbose=1. */
void log_verbose(const char *format, ...);

/* On trouble of our own: says what, once per process, and stops recording (log_stopped() is then
 * true). The program goes on; later reports say that they are incomplete. */
void log_stop_recording(const char *why);

/* Why recording has stopped, or NULL. */
const char *log_stopped(void);

#endif
