/* SPDX-License-Identifier: MIT
 *
 * Owns the name of the control socket (report/remote.h), which has to go in whichever way the process
 * ends that we see: exit, _exit, exec, a change of user.
 *
 * A child has a copy of the note, or in vfork the note itself: so it holds for one process id. The file is
 * known by its number, for a folder that others may write could hold another one by now.
 *
 * Runs in ordinary context and in signal handlers; system calls only. */
#include "leftover.h"

#include <string.h>
#include <sys/stat.h>

#include "ghost.h"
#include "sys.h"

static int owner; /* process id; 0: nothing is noted. Written last. */
static int ended; /* process id */
static char name[128];
static dev_t device;
static ino_t inode;

void leftover_set(const char *path)
{
    struct stat file;
    size_t n = strlen(path);
    if (n >= sizeof name || sys_lstat(path, &file))
        return;
    memcpy(name, path, n + 1);
    device = file.st_dev;
    inode = file.st_ino;
    __atomic_store_n(&owner, sys_getpid(), __ATOMIC_SEQ_CST);
    if (__atomic_load_n(&ended, __ATOMIC_SEQ_CST) == sys_getpid())
        leftover_remove();
}

static bool is_it(void)
{
    struct stat file;
    return !sys_lstat(name, &file) && file.st_dev == device && file.st_ino == inode;
}

bool leftover_is_there(void)
{
    return __atomic_load_n(&owner, __ATOMIC_SEQ_CST) == sys_getpid() && is_it();
}

bool leftover_remove(void)
{
    int own = __atomic_load_n(&owner, __ATOMIC_SEQ_CST);
    if (!own || own != sys_getpid() ||
        !__atomic_compare_exchange_n(&owner, &own, 0, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
        return false;
    if (is_it())
        sys_unlink(name);
    return true;
}

void leftover_end(void)
{
    if (!ghost_is_of_this_process())
        return;
    __atomic_store_n(&ended, sys_getpid(), __ATOMIC_SEQ_CST);
    leftover_remove();
}
