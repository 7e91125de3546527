/* SPDX-License-Identifier: MIT
 *
 * Owns the facts of control.h: libc tells them to debuggers (_thread_db_...), the loader tells the
 * size of static TLS. Runs in ordinary context. */
#include "control.h"

#include <dlfcn.h>
#include <stdint.h>

enum { BYTES_GUESS = 2304 };

struct control libc_control = {BYTES_GUESS, BYTES_GUESS, 0};

void control_init(void)
{
    size_t bytes = 0;
    size_t align = 0;
    void (*info)(size_t *, size_t *) =
        (void (*)(size_t *, size_t *))dlsym(RTLD_DEFAULT, "_dl_get_tls_static_info");
    const uint32_t *size = dlsym(RTLD_DEFAULT, "_thread_db_sizeof_pthread");
    const uint32_t *tid = dlsym(RTLD_DEFAULT, "_thread_db_pthread_tid"); /* bits, count, offset */
    if (size && *size)
        libc_control.bytes = *size;
    if (tid && tid[0] == 32 && tid[1] == 1 && tid[2] + 4 <= libc_control.bytes)
        libc_control.tid_at = tid[2];
    if (info)
        info(&bytes, &align);
    libc_control.tls_bytes = bytes > libc_control.bytes ? bytes : libc_control.bytes;
}
