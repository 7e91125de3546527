// SPDX-License-Identifier: MIT
//
// Chains of assembly functions with right and unusual unwind information (odd_rules.S), in random
// order between ordinary functions. Not among them: a register kept in another one (DW_CFA_register),
// for which libunwind takes that of the innermost frame.
//
// flags: gcc -O0 | gcc -O2 | gcc -O2 -fno-omit-frame-pointer | clang -O2
// captures: 3000
// uses: joined>10 libunwind>10

#include "exact.h"

typedef void callback(int);
typedef void through(callback *, int, void *);

#define ALL(_)                                                                                     \
    _(by_rsp)                                                                                      \
    _(by_rbp)                                                                                      \
    _(by_rbx)                                                                                      \
    _(by_r12_aligned) _(rbp_is_number) _(rbp_is_zero) _(rbp_is_stack) _(rbp_saved_by_mov)          \
        _(rbp_saved_far) _(rbp_saved_and_restored) _(rbp_same_value) _(remembered)                 \
            _(remembered_twice) _(far_1) _(far_2) _(far_4) _(heights) _(cfa_expression)            \
                _(cfa_expression_of_rip) _(drap) _(drap_16) _(rbp_expression)                      \
                    _(rbp_val_expression) _(rip_expression) _(rip_elsewhere) _(long_forms)         \
                        _(negative_offset) _(rsp_by_rule) _(changes_after_call) _(ends_with_call)  \
                            _(as_signal_frame) _(before_signal_frame) _(switch_by_rbx)             \
                                _(switch_by_rbp) _(switch_by_expression) _(outermost)

#define DECLARE(name) extern through name;
ALL(DECLARE)
#define NAME(name) name,
static through *const all[] = {ALL(NAME)};

static volatile int sum;
static char areas[8][16384] __attribute__((aligned(64)));

static NOINLINE void leaf(int n)
{
    touch((size_t)n + 1);
    sum++;
}

static NOINLINE void next(int left)
{
    if (left <= 0) {
        leaf(3);
        touch(20);
        return;
    }
    all[rnd(ARRAY_SIZE(all))](next, left - 1, areas[left & 7] + sizeof areas[0]);
    sum++;
}

int main(void)
{
    for (size_t i = 0; i < ARRAY_SIZE(all); i++) // each alone
        for (int n = 0; n < 8; n++)
            all[i](leaf, n, areas[0] + sizeof areas[0]);
    for (size_t i = 0; i < ARRAY_SIZE(all); i++) // each over each
        for (int n = 0; n < 4; n++)
            all[i](next, 1, areas[0] + sizeof areas[0]);
    for (int i = 0; i < 1000; i++)
        next(1 + (int)rnd(5));
    return 0;
}
