/* SPDX-License-Identifier: MIT
 *
 * Chooses the architecture. The files themselves are preload/arch_<arch>.h, preload/ending_<arch>.S
 * and scanner/regs_<arch>.c. */
#if defined(__x86_64__)
#include "arch_x86_64.h"
#else
#error "leakgc has been written for x86-64 only"
#endif
