/* SPDX-License-Identifier: MIT
 *
 * What a program may ask of libleakgc, and tell it.
 *
 * A program that also runs without the library declares the functions weak, and asks whether one is
 * there before it calls it (or finds it by dlsym; a program that is linked with -lleakgc need not):
 *
 *     #define LEAKGC_WEAK
 *     #include <leakgc.h>
 *     if (leakgc_scan)
 *         leakgc_scan();
 *
 * All functions may be called from any thread, at any time: before main, in handlers of exit and after the
 * check at the end. A signal handler may call all but leakgc_poll; where it interrupted the library itself
 * they fail, rather than wait for ever. What fails returns -1 (leakgc_mark: 0); so do searches and marks where
 * the library is switched off. No function changes errno. */
#ifndef LEAKGC_H
#define LEAKGC_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifdef LEAKGC_WEAK
#define LEAKGC_API __attribute__((weak))
#else
#define LEAKGC_API
#endif

/* --- Searching ---------------------------------------------------------------------------------- */

/* Searches for leaks now, with all other threads stopped meanwhile, and reports those that were not
 * reported before. Returns how many blocks are lost, or -1 when there was no search: also when another
 * thread is asking just then. */
LEAKGC_API long leakgc_scan(void);

/* What is known without a search, and what the last search found, whoever asked for it. The program sets
 * nothing; `bytes` is sizeof(struct leakgc_counters) as it was compiled: later versions add members at
 * the end. Returns how many bytes were filled in; the rest is zero. */
struct leakgc_counters {
    size_t live_blocks; /* allocated and not freed, now */
    size_t live_bytes;  /* that they occupy, what they were rounded up by included */
    size_t scans;       /* searches of this process */
    size_t lost_blocks; /* lost, by the last one that came to a result */
    size_t lost_bytes;
    unsigned long last_stop_ns;    /* how long the last search stopped the threads, at a time */
    unsigned long longest_stop_ns; /* the longest of all searches */
};
LEAKGC_API long leakgc_counters(struct leakgc_counters *ret, size_t bytes);

/* --- What is no leak ---------------------------------------------------------------------------- */

/* Blocks that the calling thread allocates from here to leakgc_enable are never leaks, and all that they
 * reach is reachable. Calls nest. */
LEAKGC_API void leakgc_disable(void);
LEAKGC_API void leakgc_enable(void);

/* The same for the block that p points into. realloc of the block ends it. 0; -1: there is no block. */
LEAKGC_API int leakgc_ignore(const void *p);

/* Memory that is searched for pointers although it would not be: shared with other processes, for one.
 * It is read as it is at each search; what can't be read is passed over. May be added more than once.
 * 0; -1: no memory, or (remove) no region was added that begins and ends there. */
LEAKGC_API int leakgc_add_root(const void *begin, size_t bytes);
LEAKGC_API int leakgc_remove_root(const void *begin, size_t bytes);

/* --- Weak references ---------------------------------------------------------------------------- */

/* The pointer in *slot, now or later, does not keep its block from being lost. When a search that the
 * program asked for (leakgc_scan, leakgc_leaks_since, leakgc_poll) finds the block lost, *slot becomes NULL
 * while all threads stand still, so nobody can have taken the pointer out meanwhile; `lost` (may be NULL)
 * is called by the next leakgc_poll. The block is not freed: it is a leak. *slot becomes NULL too, and
 * nothing is called, when a search finds that the block was freed, or its size changed by realloc, while
 * *slot kept the pointer; the same address given out again is not mistaken for it.
 *
 * The slot is aligned to 8 bytes, in private memory; it must be unregistered before its memory is given
 * to another use. (A slot in a block of the heap that is freed is forgotten at the next search.)
 * Registering again changes the function. Searches of the library's own thread copy the process (method
 * fork) while there are weak references; with snapshot=concurrent they take them for strong ones.
 * 0; -1: not aligned, not registered, no memory. */
LEAKGC_API int leakgc_weak_register(void **slot, void (*lost)(void **slot, void *arg), void *arg);
LEAKGC_API int leakgc_weak_unregister(void **slot);

/* --- Being told ---------------------------------------------------------------------------------- */

enum leakgc_kind { LEAKGC_DEFINITE, LEAKGC_INDIRECT };

/* From now on, leakgc_poll calls `lost` once for each block that a search finds lost. It may free the block:
 * nobody else can, and then it is no leak at the end. NULL: nobody is told. Returns 0. */
LEAKGC_API int leakgc_on_lost(void (*lost)(void *block, size_t bytes, enum leakgc_kind kind,
                                           void *arg),
                              void *arg);

/* Calls the functions that are due, in the calling thread and on its stack; they may do what they like, call
 * these functions among them. When the library's own thread has found new leaks since the last call, it
 * searches first, as leakgc_scan does. Returns how many functions were called. Nothing else calls
 * them: a program that never polls is never told. Not for signal handlers. */
LEAKGC_API long leakgc_poll(void);

/* --- Budgets of tests ---------------------------------------------------------------------------- */

/* A point in time: blocks of any thread count as allocated before or after it, exactly. 0: none left; there
 * are about half a million, and each moves the library's own time stamps 0.2 seconds ahead. */
typedef unsigned long leakgc_mark_t;
LEAKGC_API leakgc_mark_t leakgc_mark(void);

/* Searches as leakgc_scan does; what is lost of that which was allocated after the mark. ret may be NULL;
 * `size` is to be set to sizeof *ret, `print` to 1 for a report. Returns the number of blocks. */
struct leakgc_leaks {
    size_t size;
    int print;
    size_t blocks, bytes;
    size_t direct_blocks, direct_bytes; /* of them, those that no other lost block points to */
};
LEAKGC_API long leakgc_leaks_since(leakgc_mark_t mark, struct leakgc_leaks *ret);

/* For unit tests: LEAKGC_TEST_BEGIN(mark) declares a mark, LEAKGC_TEST_LEAKS(mark) is the number of blocks
 * that were leaked since, after a report of them; 0 without the library. */
#ifdef LEAKGC_WEAK
#define LEAKGC_HAS(function) ((function) != 0)
#else
#define LEAKGC_HAS(function) 1
#endif
#define LEAKGC_TEST_BEGIN(mark) leakgc_mark_t mark = LEAKGC_HAS(leakgc_mark) ? leakgc_mark() : 0
#define LEAKGC_TEST_LEAKS(mark) leakgc_test_leaks_(mark)
static inline __attribute__((unused)) long leakgc_test_leaks_(leakgc_mark_t mark)
{
    struct leakgc_leaks leaks = {sizeof leaks, 1, 0, 0, 0, 0};
    long blocks = LEAKGC_HAS(leakgc_leaks_since) ? leakgc_leaks_since(mark, &leaks) : 0;
    return blocks > 0 ? blocks : 0;
}

/* --- LeakSanitizer's interface -------------------------------------------------------------------- */

LEAKGC_API void __lsan_disable(void);
LEAKGC_API void __lsan_enable(void);
LEAKGC_API void __lsan_ignore_object(const void *p);
LEAKGC_API void __lsan_register_root_region(const void *begin, size_t bytes);
LEAKGC_API void __lsan_unregister_root_region(const void *begin, size_t bytes);

/* The check that is otherwise made at the end, now, once. Unlike LeakSanitizer's it does not end the
 * process; the option `exitcode` still changes the status when the program ends. */
LEAKGC_API void __lsan_do_leak_check(void);

/* Reports all leaks now; 1 if there are any, else 0. */
LEAKGC_API int __lsan_do_recoverable_leak_check(void);

/* Defined by the program, if it likes (and exported: -rdynamic), and called by the library. Not 0: no check
 * is made; asked when the program starts, and at the end. Options in LeakSanitizer's words, which hold
 * where the environment does not say otherwise; libleakgc(3) lists them. */
int __lsan_is_turned_off(void);
const char *__lsan_default_options(void);

#ifdef __cplusplus
}
#endif
#endif
